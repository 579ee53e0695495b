import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Claim, type Coordination, type KeyState, RecordBusy } from '../../src/coordination/coordination.ts';

/** Longer than any test. */
const LEASE_MS = 60_000;

/** What every coordination must do. `create` gives one that is ready. */
export function describeCoordination(name: string, create: () => Promise<Coordination>): void {
  describe(`${name} as a coordination`, () => {
    let coordination: Coordination;
    let key: string;

    beforeEach(async () => {
      coordination = await create();
      key = `{${randomUUID()}:billagain}:key`;
    });
    afterEach(() => coordination.close());

    const claim = (fingerprint = 'input') => coordination.claim(key, fingerprint, LEASE_MS);
    const soon = () => performance.now() + 10_000;

    describe('an idempotency key', () => {
      it('is given to the first who claims it, and in progress for the others', async () => {
        const states = (await Promise.all(Array.from({ length: 20 }, () => claim()))).map(({ state }) => state);
        expect(states.filter((state) => state === 'NEW')).toHaveLength(1);
        expect(states.filter((state) => state === 'IN_PROGRESS')).toHaveLength(19);
      });

      it('answers with its result once it is settled', async () => {
        const result = { record: { id: 'Customer:billagain:1', email: null }, userErrors: [] };
        expect(await claimed(await claim()).settle(result)).toBe(true);
        expect(await claim()).toEqual({ state: 'SETTLED', result });
        expect(await claim()).toEqual({ state: 'SETTLED', result });
      });

      it('belongs to its first input, in progress and settled', async () => {
        const first = claimed(await claim());
        expect(await claim('another input')).toEqual({ state: 'OTHER_INPUT' });
        await first.settle('done');
        expect(await claim('another input')).toEqual({ state: 'OTHER_INPUT' });
      });

      it('is as good as unused after it was released, for another input, too', async () => {
        await claimed(await claim()).release();
        expect((await claim('another input')).state).toBe('NEW');
      });

      it('answers with what was learned since, where its first result said nothing certain', async () => {
        await claimed(await claim()).settle('unknown');
        expect(await coordination.amend(key, 'another input', 'theirs')).toBe(false);
        expect(await claim()).toEqual({ state: 'SETTLED', result: 'unknown' });
        expect(await coordination.amend(key, 'input', { found: true })).toBe(true);
        expect(await claim()).toEqual({ state: 'SETTLED', result: { found: true } });
      });

      it('that nobody has used has nothing to amend', async () => {
        expect(await coordination.amend(key, 'input', 'found')).toBe(false);
        expect((await claim()).state).toBe('NEW');
      });

      it('is nothing to other keys', async () => {
        await claim();
        expect((await coordination.claim(`${key}2`, 'input', LEASE_MS)).state).toBe('NEW');
      });
    });

    describe('a lock', () => {
      it('lets one at a time through, each in the end', async () => {
        let inside = 0;
        const seen: number[] = [];
        await Promise.all(
          Array.from({ length: 10 }, () =>
            coordination.exclusively(key, LEASE_MS, soon(), async () => {
              inside += 1;
              seen.push(inside);
              await wait(2);
              inside -= 1;
            }),
          ),
        );
        expect(seen).toEqual(Array.from({ length: 10 }, () => 1));
      });

      it('gives back what the work gave', async () => {
        expect(await coordination.exclusively(key, LEASE_MS, soon(), async () => 'done')).toBe('done');
      });

      it('is let go when the work fails', async () => {
        const failing = coordination.exclusively(key, LEASE_MS, soon(), () => Promise.reject(new Error('failed')));
        await expect(failing).rejects.toThrow('failed');
        expect(await coordination.exclusively(key, LEASE_MS, soon(), async () => 'next')).toBe('next');
      });

      it('stays for as long as its work wants it kept, though the work is over or failed', async () => {
        for (const end of [async () => {}, () => Promise.reject(new Error('failed'))]) {
          const startMs = performance.now();
          const work = coordination.exclusively(key, LEASE_MS, soon(), async (lock) => {
            await lock.keep(400);
            await end();
          });
          await work.catch(() => {});
          const hasty = coordination.exclusively(key, LEASE_MS, performance.now() + 50, async () => 'in');
          await expect(hasty).rejects.toBeInstanceOf(RecordBusy);
          expect(await coordination.exclusively(key, LEASE_MS, soon(), async () => 'in')).toBe('in');
          expect(performance.now() - startMs).toBeGreaterThan(390);
        }
      });

      it('does not keep those out who change another record', async () => {
        await coordination.exclusively(key, LEASE_MS, soon(), async () => {
          expect(await coordination.exclusively(`${key}2`, LEASE_MS, soon(), async () => 'other')).toBe('other');
        });
      });

      it('turns those away who would wait beyond their deadline, and lets the later ones in', async () => {
        await coordination.exclusively(key, LEASE_MS, soon(), async () => {
          const late = coordination.exclusively(key, LEASE_MS, performance.now() + 30, async () => 'late');
          await expect(late).rejects.toBeInstanceOf(RecordBusy);
        });
        expect(await coordination.exclusively(key, LEASE_MS, soon(), async () => 'next')).toBe('next');
      });
    });

    describe('a name that somebody owns', () => {
      it('is the first owner’s, however often it is asked for, and nobody else’s', async () => {
        expect(await coordination.own(`${key}:owned`, 'one')).toBe(true);
        expect(await coordination.own(`${key}:owned`, 'other')).toBe(false);
        expect(await coordination.own(`${key}:owned`, 'one')).toBe(true);
        expect(await coordination.own(`${key}:owned2`, 'other')).toBe(true);
      });
    });
  });
}

export function claimed(state: KeyState): Claim {
  if (state.state !== 'NEW') throw new Error(`expected a new key; got ${state.state}`);
  return state.claim;
}
