import type { CustomerRow } from './customer.ts';
import type { GeneratedCustomers } from './generated-customers.ts';
import { countSubscriptions, customerIdOfSubscription, generateSubscriptions } from './generated-subscriptions.ts';
import type { SubscriptionRow } from './subscription.ts';

const NONE = { future: 0, trial: 0, active: 0, cancelled: 0, expired: 0 };

/** `active` is the ActiveSubs that seed 002 shows; the rest is made up. */
const SEED_COUNTS = new Map([
  [300, { ...NONE, future: 1, expired: 1 }],
  [302, { ...NONE, active: 5, cancelled: 1 }],
  [10_622, { ...NONE, active: 2, trial: 1 }],
]);

/** All customers' subscriptions. Like customers, they are computed until they change. */
export class Subscriptions {
  readonly #generated: GeneratedCustomers;
  /** The whole list of each customer whose list has changed. */
  readonly #changed = new Map<number, SubscriptionRow[]>();
  /** Customers of created subscriptions, whose ids don't tell. */
  readonly #customerIds = new Map<number, number>();
  #nextId = 1;

  constructor(generated: GeneratedCustomers) {
    this.#generated = generated;
  }

  of(customer: CustomerRow): SubscriptionRow[] {
    const CustomerName = [customer.Name, customer.LastName].filter(Boolean).join(' ');
    return this.#rows(customer.customerID).map((row) => ({ ...row, CustomerName }));
  }

  customerIdOf(subscriptionId: number): number {
    return this.#customerIds.get(subscriptionId) ?? customerIdOfSubscription(subscriptionId);
  }

  /** Below every id that belongs to a seed's or generated customer's subscriptions: 300 * 16. */
  takeNextId(): number {
    const id = this.#nextId;
    this.#nextId = id + 1 === 4_800 ? 1_000_000_000 : id + 1;
    return id;
  }

  add(row: SubscriptionRow): void {
    this.#customerIds.set(row.subscriptionID, row.customerID);
    this.#changed.set(row.customerID, [...this.#rows(row.customerID), row]);
  }

  replace(row: SubscriptionRow): void {
    const rows = this.#rows(row.customerID);
    this.#changed.set(
      row.customerID,
      rows.map((old) => (old.subscriptionID === row.subscriptionID ? row : old)),
    );
  }

  countActive(customerId: number): number {
    return this.#rows(customerId).filter((row) => row.comp_Status === 'active').length;
  }

  #rows(customerId: number): SubscriptionRow[] {
    const changed = this.#changed.get(customerId);
    if (changed !== undefined) return changed;
    const { seed } = this.#generated;
    const counts = this.#generated.has(customerId)
      ? countSubscriptions(seed, customerId)
      : (SEED_COUNTS.get(customerId) ?? NONE);
    return generateSubscriptions(seed, customerId, counts);
  }
}
