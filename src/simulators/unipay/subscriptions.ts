import { billingDate, billingsThrough, type CycleLetter, isBillingDate } from './calendar.ts';
import type { Customers } from './customers.ts';
import { draw } from './draw.ts';
import { missing, notFound, notPossible } from './failure.ts';
import {
  CANCEL_PARAMETERS,
  FREEZE_PARAMETERS,
  readFields,
  readParameters,
  SUBSCRIPTION_FIELDS,
  SUBSCRIPTION_PARAMETERS,
  type Values,
} from './fields.ts';
import { matches, readPage } from './find.ts';
import { timeOfDay } from './generated-customers.ts';
import {
  generatedSubscription,
  generatedSubscriptionIds,
  SUBSCRIPTION_IDS_PER_CUSTOMER,
} from './generated-subscriptions.ts';
import type { Settings } from './options.ts';
import { findPlan } from './plans.ts';
import { changed, type RawFields, type Row } from './row.ts';

/** One cancel or freeze that was accepted. A freeze that came twice stands here twice. */
export interface Adjustment {
  readonly subscriptionId: number;
  readonly type: 'C' | 'F';
  readonly effectiveDate: string;
  /** In payments; of a freeze only. */
  readonly length?: number;
  readonly note?: string;
}

/** The subscriptions, each reachable under its customer only. */
export class Subscriptions {
  readonly adjustments: Adjustment[] = [];
  readonly #settings: Settings;
  readonly #customers: Customers;
  readonly #written = new Map<number, Row>();
  readonly #createdIds = new Map<number, number[]>();
  #nextId: number;

  constructor(settings: Settings, customers: Customers) {
    this.#settings = settings;
    this.#customers = customers;
    this.#nextId = (settings.customers + 1) * SUBSCRIPTION_IDS_PER_CUSTOMER;
  }

  /** In the order of a find, which is not that of the ids. */
  idsOf(customerId: number): readonly number[] {
    const created = this.#createdIds.get(customerId) ?? [];
    const generated =
      customerId <= this.#settings.customers ? generatedSubscriptionIds(customerId, this.#settings.seed) : [];
    return this.#settings.createdRows === 'last' ? [...generated, ...created] : [...created.toReversed(), ...generated];
  }

  get(customerId: number, id: number): Row | undefined {
    const customer = this.#customers.get(customerId);
    if (customer === undefined || !this.idsOf(customerId).includes(id)) return undefined;
    return this.#row(customer, id);
  }

  load(customerId: number, id: number): Row {
    this.#customers.load(customerId);
    const row = this.get(customerId, id);
    if (row === undefined) throw notFound(`Customer ${customerId} has no subscription ${id}.`);
    return row;
  }

  find(customerId: number, query: URLSearchParams): readonly Row[] {
    const customer = this.#customers.load(customerId);
    const values = readParameters(SUBSCRIPTION_PARAMETERS, query, this.#settings);
    const { offset, limit } = readPage(values, this.#settings);
    return this.idsOf(customerId)
      .map((id) => this.#row(customer, id))
      .filter((row) => this.#isWanted(row, values))
      .slice(offset, offset + limit);
  }

  /** Each call makes another subscription: PUT is not idempotent here. */
  create(customerId: number, fields: RawFields): Row {
    const customer = this.#customers.load(customerId);
    const values = readFields(SUBSCRIPTION_FIELDS, fields, 'create', this.#settings);
    const { today } = this.#settings;
    if (values.planId === undefined) throw missing('planId is required.');
    const plan = findPlan(Number(values.planId));
    if (plan === undefined) throw notFound(`Plan ${values.planId} does not exist.`);
    if (values.accountId !== undefined) this.#customers.checkAccount(values.accountId);
    for (const name of ['billingCycleType', 'type'] as const) {
      if ((values[name] ?? plan[name]) !== plan[name]) throw notPossible(`${name} must be that of plan ${plan.id}.`);
    }
    const firstBillingDate = String(values.firstBillingDate ?? today);
    const billings = billingsThrough(firstBillingDate, plan.billingCycleType, today);
    const id = this.#nextId;
    this.#nextId += 1;
    const row = changed(
      {},
      {
        id,
        code: values.code ?? String(id),
        accountId: values.accountId ?? customer.accountId,
        planId: plan.id,
        planName: plan.name,
        paymentOptionId: values.paymentOptionId,
        note: values.note,
        amount: values.amount ?? plan.amountCents,
        taxAmount: values.taxAmount,
        billingCycleType: plan.billingCycleType,
        type: plan.type,
        // Deferred while billing is to begin later, else Unbilled until the first billing has run. Inference.
        status: firstBillingDate > today ? 'D' : 'U',
        createDate: `${values.createDate ?? today} ${timeOfDay(draw(this.#settings.seed, id, 60))}`,
        firstBillingDate,
        nextBillingDate:
          firstBillingDate >= today ? firstBillingDate : billingDate(firstBillingDate, plan.billingCycleType, billings),
        firstInvoicingDate: values.firstInvoicingDate,
      },
    );
    this.#written.set(id, row);
    this.#createdIds.set(customerId, [...(this.#createdIds.get(customerId) ?? []), id]);
    return row;
  }

  /** "Only note and paymentOptionId are updated" (public: the subscription page); whatever else comes has no effect. */
  modify(customerId: number, id: number, fields: RawFields): Row {
    const row = this.load(customerId, id);
    const updated = new Map([...fields].filter(([name]) => name === 'note' || name === 'paymentOptionId'));
    const modified = changed(row, readFields(SUBSCRIPTION_FIELDS, updated, 'modify', this.#settings));
    this.#written.set(id, modified);
    return modified;
  }

  /** A GET that changes state. A day that is past takes effect at once; whether UniPay refuses it is not documented. */
  cancel(customerId: number, id: number, query: URLSearchParams): Row {
    const row = this.load(customerId, id);
    const values = readParameters(CANCEL_PARAMETERS, query, this.#settings);
    checkRunning(row);
    const effectiveDate = String(values.get('effectiveDate'));
    const isNow = effectiveDate <= this.#settings.today || this.#settings.adjustments === 'at-once';
    const changes = isNow
      ? { status: 'N', nextBillingDate: undefined, nextInvoicingDate: undefined, pendingAdjustmentType: undefined }
      : { pendingAdjustmentType: 'C' };
    return this.#adjust(row, { type: 'C', effectiveDate }, values, changes);
  }

  /** A GET that changes state. The day must be in the future and one of billing, the length is in payments. */
  freeze(customerId: number, id: number, query: URLSearchParams): Row {
    const row = this.load(customerId, id);
    const values = readParameters(FREEZE_PARAMETERS, query, this.#settings);
    checkRunning(row);
    const effectiveDate = String(values.get('effectiveDate'));
    const length = Number(values.get('length'));
    if (length < 1) throw notPossible('length must be at least one payment.');
    if (effectiveDate <= this.#settings.today) throw notPossible('effectiveDate must be in the future.');
    if (!isBillingDate(String(row.firstBillingDate), row.billingCycleType as CycleLetter, effectiveDate)) {
      throw notPossible('effectiveDate must be a billing date.');
    }
    const isNow = this.#settings.adjustments === 'at-once';
    const changes = isNow ? { status: 'F', pendingAdjustmentType: undefined } : { pendingAdjustmentType: 'F' };
    return this.#adjust(row, { type: 'F', effectiveDate, length }, values, changes);
  }

  /** One of the customer's own. */
  #row(customer: Row, id: number): Row {
    return (
      this.#written.get(id) ??
      generatedSubscription(Number(customer.id), id, Number(customer.accountId), this.#settings)
    );
  }

  #adjust(
    row: Row,
    adjustment: Omit<Adjustment, 'subscriptionId' | 'note'>,
    values: Values,
    changes: Readonly<Record<string, string | undefined>>,
  ): Row {
    const note = values.get('note') as string | undefined;
    const adjusted = changed(row, { ...changes, ...(note !== undefined && { note }) });
    const id = Number(row.id);
    this.adjustments.push({ subscriptionId: id, ...adjustment, ...(note !== undefined && { note }) });
    this.#written.set(id, adjusted);
    return adjusted;
  }

  /** Seed 003's filters. Every From and To includes its own day; stated for plans, taken over for subscriptions. */
  #isWanted(row: Row, values: Values): boolean {
    for (const [name, filter] of values) {
      switch (name) {
        case 'offset':
        case 'limit':
          break;
        case 'billingCycleType':
        case 'type':
        case 'status':
        case 'planId':
          if (row[name] !== filter) return false;
          break;
        case 'name':
          if (!matches(row.planName, filter, this.#settings.match)) return false;
          break;
        default: {
          const border = name.endsWith('From') ? 'From' : 'To';
          const value = row[name.slice(0, -border.length)];
          if (value === undefined) return false;
          // createDate has a time of day; the filter is a whole day.
          const comparable = typeof value === 'string' ? value.slice(0, 10) : value;
          if (border === 'From' ? comparable < filter : comparable > filter) return false;
        }
      }
    }
    return true;
  }
}

/** What has ended can't be changed any more. Inference. */
function checkRunning(row: Row): void {
  if (row.status === 'N' || row.status === 'E') throw notPossible(`Subscription ${row.id} has ended.`);
}
