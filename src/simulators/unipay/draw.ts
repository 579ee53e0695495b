import { hash32 } from '../random.ts';

/** A number from 0 up to 1 that depends on nothing but its arguments. */
export function draw(seed: number, id: number, salt: number): number {
  return hash32(seed, id, salt) / 0x1_0000_0000;
}

/** The choice that `drawn` falls on. */
export function pick<T>(drawn: number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(drawn * choices.length)] ?? choices[0];
}

/** Like pick, each choice as likely as its weight. */
export function pickWeighted<T>(
  drawn: number,
  choices: readonly [readonly [T, number], ...(readonly [T, number])[]],
): T {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  let left = drawn * total;
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  return choices[0][0];
}
