function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * The order of a find. UniPay documents none, so it is not the order of the ids; it only stands still while the data
 * does. Every place from 0 to `size` - 1 is given to exactly one number of the same range.
 */
export function mixedOrder(size: number, seed: number): (place: number) => number {
  if (size < 2) return (place) => place;
  let step = Math.max(1, Math.floor(size * 0.618_034));
  while (greatestCommonDivisor(step, size) !== 1) step += 1;
  const start = Math.abs(Math.trunc(seed) * 7919) % size;
  return (place) => (start + (place % size) * step) % size;
}
