import { Random } from '../random.ts';
import { writeDay } from './date.ts';
import { SUBSCRIPTION_STATUSES, type SubscriptionRow, type SubscriptionStatus } from './subscription.ts';

/** Subscriptions of customer N have the ids N * 16 up to N * 16 + 15, so that either leads to the other. */
const IDS_PER_CUSTOMER = 16;
const SALT = { counts: 101, rows: 102 } as const;
const DAY_MS = 86_400_000;
/** The generated world does not depend on the clock; its invoices come after this day. */
const TODAY_MS = Date.UTC(2026, 0, 1);

export type SubscriptionCounts = Readonly<Record<SubscriptionStatus, number>>;

/** How many subscriptions a generated customer has in each status; `active` is its ActiveSubs. */
export function countSubscriptions(seed: number, customerId: number): SubscriptionCounts {
  const random = new Random(seed, customerId, SALT.counts);
  return {
    active: random.below(7),
    future: random.percent(10) ? 1 : 0,
    trial: random.percent(10) ? 1 : 0,
    cancelled: random.percent(25) ? 1 + random.below(2) : 0,
    expired: random.percent(20) ? 1 : 0,
  };
}

/** CustomerName is left null: it follows the customer. */
export function generateSubscriptions(seed: number, customerId: number, counts: SubscriptionCounts): SubscriptionRow[] {
  const random = new Random(seed, customerId, SALT.rows);
  const firstId = customerId * IDS_PER_CUSTOMER;
  return SUBSCRIPTION_STATUSES.flatMap((status) => Array.from({ length: counts[status] }, () => status)).map(
    (status, index) => generateSubscription(random, firstId + index, customerId, status),
  );
}

export function customerIdOfSubscription(subscriptionId: number): number {
  return Math.floor(subscriptionId / IDS_PER_CUSTOMER);
}

function generateSubscription(
  random: Random,
  subscriptionID: number,
  customerID: number,
  status: SubscriptionStatus,
): SubscriptionRow {
  const days = 1 + random.below(28);
  const isOver = status === 'cancelled' || status === 'expired';
  const start = status === 'future' ? TODAY_MS + days * DAY_MS : TODAY_MS - (400 + random.below(2000)) * DAY_MS;
  const packageVersionNumber = 1 + random.below(3);
  const packageID = 300 + random.below(20);
  // 7 days, and 1, 3, 6, 12 months, are UniPay's cycles too; 10 days is nobody's but BillAgain's.
  const [Term, TermType] = random.pick([
    [1, 'months'],
    [1, 'months'],
    [3, 'months'],
    [6, 'months'],
    [12, 'months'],
    [7, 'days'],
    [10, 'days'],
  ]);
  return {
    subscriptionID,
    customerID,
    packageID,
    packageVersionID: packageID * 10 + packageVersionNumber,
    packageVersionNumber,
    comp_nextInvDate: isOver ? null : writeDay(TODAY_MS + days * DAY_MS),
    comp_Status: status,
    componentUsage: Array.from({ length: random.below(3) }, (_, index) => ({
      componentID: 10_111 + index,
      componentVersionID: random.percent(50) ? null : 500 + index,
      componentVersionNumber: 1,
      Memo: random.percent(20) ? 'Extra units' : null,
      NumUnits: random.below(50),
      isSetUnits: random.percent(50) ? 1 : 0,
    })),
    CustomerName: null,
    EndDate: isOver
      ? writeDay(TODAY_MS - days * DAY_MS)
      : random.percent(20)
        ? writeDay(TODAY_MS + (365 + days) * DAY_MS)
        : null,
    firstProrataSyncDate: random.percent(10) ? writeDay(start + 14 * DAY_MS) : null,
    packageRateTermID: 10_800 + random.below(100),
    StartDate: writeDay(start),
    numDaysBeforeToInv: random.below(8),
    Term,
    TermType,
  };
}
