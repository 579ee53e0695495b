import type { CycleLetter } from './calendar.ts';

/** A payment plan (public: objects/4227), as far as subscriptions show it. */
export interface Plan {
  readonly id: number;
  readonly name: string;
  readonly amountCents: number;
  readonly billingCycleType: CycleLetter;
  /** F Fixed, P Perpetual. */
  readonly type: 'F' | 'P';
}

const CYCLES: readonly (readonly [CycleLetter, string, number])[] = [
  ['W', 'Weekly', 1],
  ['M', 'Monthly', 4],
  ['Q', 'Quarterly', 12],
  ['S', 'Half-year', 23],
  ['A', 'Annual', 44],
];
const TIERS: readonly (readonly [string, number])[] = [
  ['Basic', 299],
  ['Gold', 1250],
];

/** Every cycle with every type, twice. Fixed and Perpetual share names, so that a name alone finds both. */
export const PLANS: readonly Plan[] = TIERS.flatMap(([tier, weekCents]) =>
  CYCLES.flatMap(([billingCycleType, cycleName, weeks]) =>
    (['P', 'F'] as const).map((type) => ({
      name: `${tier} ${cycleName}`,
      amountCents: weekCents * weeks,
      billingCycleType,
      type,
    })),
  ),
).map((plan, index) => ({ id: 501 + index, ...plan }));

export function findPlan(id: number): Plan | undefined {
  return PLANS[id - 501];
}
