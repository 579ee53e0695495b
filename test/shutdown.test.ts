import { expect, it } from '@jest/globals';
import { Shutdown } from '../src/shutdown.ts';

it('stops every part though those before it fail or never end, and says at the end which did', async () => {
  const stopped: string[] = [];
  const shutdown = new Shutdown();
  await shutdown.stop(50, {
    'the one that throws': () => {
      throw new Error('a secret');
    },
    'the one that rejects': () => Promise.reject(new Error('a secret')),
    'the one that hangs': () => new Promise(() => {}),
  });
  await shutdown.stop(50, { last: () => void stopped.push('last') });
  expect(stopped).toEqual(['last']);
  expect(() => shutdown.end()).toThrow(
    'the one that throws could not be stopped; the one that rejects could not be stopped; the one that hangs did not stop within 50 ms',
  );
});

it('says of a part that is given no time at all that it was cut, unless it has nothing left to do', async () => {
  const shutdown = new Shutdown();
  await shutdown.stop(0, { 'the one that hangs': () => new Promise(() => {}), 'the idle one': async () => {} });
  expect(() => shutdown.end()).toThrow(/^the one that hangs was cut$/);
});

it('ends without a word where every part has stopped', async () => {
  const shutdown = new Shutdown();
  await shutdown.stop(1_000, { one: async () => {}, two: () => undefined });
  expect(() => shutdown.end()).not.toThrow();
});
