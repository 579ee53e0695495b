import { describe, expect, it, test } from '@jest/globals';
import { RESULT_SECONDS } from '../../src/coordination/coordination.ts';
import { createMemoryCoordination } from '../../src/coordination/memory.ts';
import { claimed, describeCoordination } from '../contracts/coordination.contract.ts';

describeCoordination('memory', async () => createMemoryCoordination());

describe('the memory coordination', () => {
  const full = () => {
    let nowMs = 1;
    const coordination = createMemoryCoordination({ maxKeys: 2, now: () => nowMs });
    const passSeconds = (seconds: number) => {
      nowMs += seconds * 1000;
    };
    return { coordination, passSeconds, claim: (key: string) => coordination.claim(key, 'input', 1000) };
  };

  it('refuses a new key when it is full, and forgets none before its time', async () => {
    const { claim } = full();
    await claimed(await claim('first')).settle('done');
    await claim('second');
    await expect(claim('third')).rejects.toMatchObject({
      name: 'CoordinationUnavailable',
      message: expect.stringMatching(/nothing was sent/),
      extensions: { retryable: true },
    });
    expect(await claim('first')).toEqual({ state: 'SETTLED', result: 'done' });
    expect(await claim('second')).toEqual({ state: 'IN_PROGRESS' });
  });

  it('takes new keys again when the oldest have been remembered for a day since they were settled', async () => {
    const { claim, passSeconds } = full();
    const first = claimed(await claim('first'));
    passSeconds(60);
    await claimed(await claim('second')).settle('done');
    passSeconds(60);
    await first.settle('done');
    passSeconds(RESULT_SECONDS - 61);
    await expect(claim('third')).rejects.toMatchObject({ name: 'CoordinationUnavailable' });
    passSeconds(2);
    expect((await claim('third')).state).toBe('NEW');
    expect(await claim('first')).toEqual({ state: 'SETTLED', result: 'done' });
  });

  it('has room again for a key that was released', async () => {
    const { claim } = full();
    await claim('first');
    await claimed(await claim('second')).release();
    expect((await claim('third')).state).toBe('NEW');
  });
});

test('an owner that had to make room is not taken for nobody', async () => {
  const coordination = createMemoryCoordination({ maxKeys: 2 });
  for (const name of ['a', 'b', 'c']) expect(await coordination.own(name, 'one')).toBe(true);
  expect(await coordination.own('a', 'other')).toBe(false);
});

test('names that are owned leave the room of idempotency keys alone', async () => {
  const coordination = createMemoryCoordination({ maxKeys: 2 });
  for (const name of ['a', 'b', 'c']) await coordination.own(name, 'one');
  expect((await coordination.claim('key', 'input', 1_000)).state).toBe('NEW');
});
