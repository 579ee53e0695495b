import type { NumberText } from '../number-text.ts';
import type { Text } from './customer.ts';

/** The words of docs.billagain.com/developer/subscriptions. */
export const SUBSCRIPTION_STATUSES = ['future', 'trial', 'active', 'cancelled', 'expired'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

export interface ComponentUsage {
  readonly componentID: number | null;
  readonly componentVersionID: number | null;
  readonly componentVersionNumber: number | null;
  readonly Memo: Text;
  readonly NumUnits: number | NumberText | null;
  /** Documented as Numeric. */
  readonly isSetUnits: 0 | 1;
}

/**
 * A subscription as GET /customers/{id}/subscriptions shows it. From subscriptionID to firstProrataSyncDate the names and
 * their order are those of docs.billagain.com/developer/subscriptions, whose list goes on where the stored copy ends; the
 * fields after it are the names under which seed 002 sends them on create. The page shows no example, so the form of
 * values, dates above all, is the simulator's.
 */
export interface SubscriptionRow {
  readonly subscriptionID: number;
  readonly customerID: number;
  readonly packageID: number | null;
  readonly packageVersionID: number | null;
  readonly packageVersionNumber: number | null;
  readonly comp_nextInvDate: Text;
  /** With a capital S here, and `comp_status` on customers. */
  readonly comp_Status: SubscriptionStatus;
  readonly componentUsage: readonly ComponentUsage[];
  readonly CustomerName: Text;
  readonly EndDate: Text;
  readonly firstProrataSyncDate: Text;
  readonly packageRateTermID: number | null;
  readonly StartDate: Text;
  readonly numDaysBeforeToInv: number | null;
  readonly Term: number | null;
  readonly TermType: Text;
}
