import { addDays, billingDate, billingsThrough } from './calendar.ts';
import { draw, pick, pickWeighted } from './draw.ts';
import { timeOfDay } from './generated-customers.ts';
import type { Settings } from './options.ts';
import { PLANS, type Plan } from './plans.ts';
import { changed, type Row } from './row.ts';

/** Ids of one customer's generated subscriptions stand in a block of this size; at most six are used. */
export const SUBSCRIPTION_IDS_PER_CUSTOMER = 8;

const COUNTS = [
  [3, 36],
  [2, 18],
  [4, 17],
  [1, 10],
  [5, 8],
  [0, 6],
  [6, 5],
] as const;

/** Zero to six, most often three; not in the order of their numbers. */
export function generatedSubscriptionIds(customerId: number, seed: number): readonly number[] {
  const count = pickWeighted(draw(seed, customerId, 30), COUNTS);
  return Array.from({ length: count }, (_, index) => customerId * SUBSCRIPTION_IDS_PER_CUSTOMER + 1 + index).sort(
    (a, b) => draw(seed, a, 31) - draw(seed, b, 31),
  );
}

/**
 * D Deferred, C Current, F Freeze, N Cancelled, E Expired (of fixed plans only), U Unbilled, S Suspended (deprecated),
 * P Paused: seed 003's `status` with the public classifier objects/2614.
 */
type StatusLetter = 'D' | 'C' | 'F' | 'N' | 'E' | 'U' | 'S' | 'P';

function drawStatus(drawn: number, plan: Plan): StatusLetter {
  const status = pickWeighted<StatusLetter>(drawn, [
    ['C', 50],
    ['N', 12],
    ['E', 10],
    ['U', 8],
    ['F', 6],
    ['D', 5],
    ['P', 5],
    ['S', 4],
  ]);
  return status === 'E' && plan.type === 'P' ? 'C' : status;
}

/** Whose first billing date is past. */
const BILLED = 'CFNESP';
/** Who has a next billing date. */
const TO_BE_BILLED = 'DUCF';

/** A subscription that is there at the start. Its billing dates are laid out around `settings.today`. */
export function generatedSubscription(customerId: number, id: number, accountId: number, settings: Settings): Row {
  const { seed, today } = settings;
  const chance = (salt: number): number => draw(seed, id, 40 + salt);
  const plan = pick(chance(0), PLANS as readonly [Plan, ...Plan[]]);
  const cycle = plan.billingCycleType;
  const status = drawStatus(chance(1), plan);

  const isBilled = BILLED.includes(status);
  const isToBeBilled = TO_BE_BILLED.includes(status);

  const ageDays = isBilled ? Math.floor(chance(2) * 1400) : -1 - Math.floor(chance(2) * 60);
  const firstBillingDate = addDays(today, -ageDays);
  const createDay = addDays(isBilled ? firstBillingDate : today, -Math.floor(chance(3) * 30));
  const billings = billingsThrough(firstBillingDate, cycle, today);
  const nextBillingDate = isToBeBilled ? billingDate(firstBillingDate, cycle, billings) : undefined;
  // One that is no longer billed stopped some time ago.
  const lastBilling = isToBeBilled ? billings - 1 : Math.floor(chance(15) * billings);
  const isInvoicedBefore = chance(4) < 0.2;

  return changed(
    {},
    {
      id,
      code: chance(5) < 0.6 ? String(id) : `S-${customerId}-${id}`,
      accountId,
      planId: plan.id,
      planName: plan.name,
      paymentOptionId: chance(6) < 0.9 ? 70_000 + id : undefined,
      note:
        chance(7) < 0.3 ? pick(chance(8), ['call before renewal', 'was <"old"> & moved', 'prêt à payer']) : undefined,
      amount: chance(9) < 0.8 ? plan.amountCents : plan.amountCents + Math.floor(chance(10) * 500),
      // Only where tax is enabled (public: actions/320).
      taxAmount: chance(11) < 0.3 ? Math.floor(plan.amountCents * 0.07) : undefined,
      billingCycleType: cycle,
      type: plan.type,
      status,
      createDate: `${createDay} ${timeOfDay(chance(12))}`,
      firstBillingDate,
      nextBillingDate,
      lastBillingDate: billings > 0 ? billingDate(firstBillingDate, cycle, lastBilling) : undefined,
      // Only where invoicing differs from billing (public: actions/320).
      firstInvoicingDate: isInvoicedBefore ? addDays(firstBillingDate, -7) : undefined,
      nextInvoicingDate: isInvoicedBefore && nextBillingDate ? addDays(nextBillingDate, -7) : undefined,
      // Only while a change is scheduled (public: actions/320).
      pendingAdjustmentType: status === 'C' && chance(13) < 0.1 ? pick(chance(14), ['F', 'C', 'P']) : undefined,
    },
  );
}
