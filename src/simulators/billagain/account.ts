import { Random } from '../random.ts';
import type { VendorAnswer, VendorRequest } from '../simulator.ts';
import { CreatedIds, writeContact, writeCreated, writePaymentMethod } from './created-answer.ts';
import { type CustomerRow, type CustomField, computeStatus } from './customer.ts';
import { keepGiven, readCustomerInput } from './customer-input.ts';
import { Customers } from './customers.ts';
import { writeInstant } from './date.ts';
import { GeneratedCustomers } from './generated-customers.ts';
import { Input } from './input.ts';
import { BILLAGAIN_DEFAULTS, type BillagainOptions } from './options.ts';
import { type Page, readPage } from './page.ts';
import { Refusal } from './refusal.ts';
import type { SubscriptionRow } from './subscription.ts';
import { readSubscriptionInput } from './subscription-input.ts';
import { Subscriptions } from './subscriptions.ts';

const NO_CONTENT: VendorAnswer = { status: 204 };
/** "Till a maximum of 5 subscriptions" (seed 002, create). */
const MAX_INLINE_SUBSCRIPTIONS = 5;

/** One BillAgain account: what each operation does, and all that it remembers. */
export class Account {
  readonly #options: BillagainOptions;
  readonly #generated: GeneratedCustomers;
  readonly #customers: Customers;
  readonly #subscriptions: Subscriptions;
  readonly #createdIds = new CreatedIds();

  constructor(options: BillagainOptions) {
    this.#options = options;
    this.#generated = new GeneratedCustomers(
      options.seed ?? BILLAGAIN_DEFAULTS.seed,
      options.customers ?? BILLAGAIN_DEFAULTS.customers,
      options.customFieldKeys ?? BILLAGAIN_DEFAULTS.customFieldKeys,
    );
    this.#customers = new Customers(this.#generated);
    this.#subscriptions = new Subscriptions(this.#generated);
  }

  get customerCount(): number {
    return this.#customers.count;
  }

  customer(id: number): CustomerRow | undefined {
    return this.#customers.find(id);
  }

  customFieldsOf(id: number): readonly CustomField[] {
    return this.#customers.customFields(id);
  }

  subscriptionsOf(id: number): SubscriptionRow[] {
    return this.#subscriptions.of(this.#require(id));
  }

  /** For tests: what the vendor's own screens can change and its API can't, such as a suspension. */
  change(id: number, changes: Partial<Omit<CustomerRow, 'customerID'>>): void {
    const row = { ...this.#require(id), ...changes };
    this.#customers.replace({ ...row, comp_status: changes.comp_status ?? computeStatus(row) });
  }

  /** GET /customers, and with custom fields GET /customers/with_customfields. */
  list(request: VendorRequest, hasCustomFields: boolean): VendorAnswer {
    const { offset, limit } = this.#readPage(request);
    const ids = this.#idsInOrder(offset, limit);
    return ok(`[${ids.map((id) => this.#writeWithoutDay(id, hasCustomFields)).join(',')}]`);
  }

  /** GET /customers/{id}, and with custom fields GET /customers/with_customfields/{id}. */
  load(id: number, hasCustomFields: boolean): VendorAnswer {
    if (!this.#customers.has(id)) throw Refusal.customerNotFound();
    return ok(this.#writeWithoutDay(id, hasCustomFields));
  }

  /** POST /by_customer_ids: a read. Paged like any list (seed 002: "subject to paging"). */
  listByIds(request: VendorRequest): VendorAnswer {
    const input = Input.read(request.body);
    const ids = [...new Set(input.list('ids').map(readId))];
    // What no ids mean is not documented; a vendor that answered all customers would be a hazard to rely on.
    if (ids.length === 0) throw new Refusal(400, 'ids is required: a list of customer ids');
    const known = ids.filter((id) => this.#customers.has(id));
    if (known.length < ids.length && this.#options.unknownIds === 'gone') throw Refusal.customerNotFound();
    const { offset, limit } = this.#readPage(request);
    const page = this.#shuffle(known).slice(offset, offset + limit);
    return ok(`[${page.map((id) => this.#write(id, false)).join(',')}]`);
  }

  /** POST /customers */
  create(request: VendorRequest): VendorAnswer {
    const input = Input.read(request.body);
    const changes = readCustomerInput(input);
    this.#refuseTakenReference(changes.Reference, undefined);
    const contact = input.object('Contact');
    const paymentMethod = input.object('PrimaryPaymentMethod');
    const subscriptions = input.objects('Subscriptions');
    if (subscriptions.length > MAX_INLINE_SUBSCRIPTIONS) {
      throw new Refusal(400, `Subscriptions may hold up to ${MAX_INLINE_SUBSCRIPTIONS}`);
    }
    // All input is read once before any id is taken, so that a refused create leaves no trace.
    for (const subscription of subscriptions) readSubscriptionInput(subscription, 0, 0);
    if (paymentMethod !== null) writePaymentMethod(paymentMethod, 0, 0);
    if (contact !== null) writeContact(contact, 0, 0);

    const customerID = this.#customers.takeNextId();
    const contactAnswer = contact && writeContact(contact, customerID, this.#createdIds.takeContactId());
    const paymentAnswer =
      paymentMethod && writePaymentMethod(paymentMethod, customerID, this.#createdIds.takePaymentMethodId());
    const random = new Random(this.#generated.seed, customerID);
    for (const subscription of subscriptions) {
      const id = this.#subscriptions.takeNextId();
      this.#subscriptions.add(readSubscriptionInput(subscription, id, customerID));
    }
    const {
      CurrencyCode,
      isWaiveTaxes,
      PaymentMethod,
      autoSendInvoice,
      autoSendStatement,
      StatementDate,
      ...identity
    } = changes;
    const row: CustomerRow = {
      customerID,
      ...identity,
      // An account that was just made is told as one that is not a company rather than as neither.
      isCompany: identity.isCompany ?? false,
      CurrencyCode,
      CreatedDate: writeInstant(Date.now(), 120, random.digits(4)),
      isSuspended: false,
      isActive: true,
      comp_status: 'Active',
      isWaiveTaxes,
      SuspendedDate: null,
      PaymentMethod,
      ActiveSubs: this.#subscriptions.countActive(customerID),
      Balance: 0,
      autoSendInvoice: autoSendInvoice ?? false,
      autoSendStatement: autoSendStatement ?? false,
      StatementDate,
      StatementLastSentDate: null,
      PrimaryPaymentMethodInfo: paymentAnswer && {
        paymentMethodID: paymentAnswer.paymentMethodID,
        Token: `00000000-0000-4000-a000-${String(paymentAnswer.paymentMethodID).padStart(12, '0')}`,
      },
    };
    this.#customers.add(row);
    return { status: 201, body: JSON.stringify(writeCreated(row, contactAnswer, paymentAnswer)) };
  }

  /** PUT /customers/{id} */
  edit(id: number, request: VendorRequest): VendorAnswer {
    const row = this.#require(id);
    const input = Input.read(request.body);
    const changes = readCustomerInput(input);
    this.#refuseTakenReference(changes.Reference, id);
    const kept = this.#options.omittedOnEdit === 'keep' ? keepGiven(changes, input) : changes;
    this.#customers.replace({ ...row, ...kept });
    return NO_CONTENT;
  }

  /** DELETE /customers/{id} */
  delete(id: number): VendorAnswer {
    this.#require(id);
    this.#customers.delete(id);
    return NO_CONTENT;
  }

  /**
   * PUT /customers/{id}/archive and /reopen. The row stays readable: isActive is "not archived". Archiving what is archived
   * is no error. What becomes of its subscriptions' statuses is not documented; they stay.
   */
  setArchived(id: number, isArchived: boolean): VendorAnswer {
    this.change(id, { isActive: !isArchived });
    return NO_CONTENT;
  }

  /** GET /customers/{id}/subscriptions: docs.billagain.com/developer/subscriptions. */
  listSubscriptions(id: number, request: VendorRequest): VendorAnswer {
    const rows = this.subscriptionsOf(id);
    const { offset, limit } = this.#readPage(request);
    return ok(JSON.stringify(rows.slice(offset, offset + limit)));
  }

  /** GET /subscriptions/{id}: only in the vendor's PHP client, called untested there. */
  loadSubscription(id: number): VendorAnswer {
    return ok(JSON.stringify(this.#requireSubscription(id)));
  }

  /** POST /subscriptions: only in the vendor's PHP client, called untested there; input as inline in seed 002's create. */
  createSubscription(request: VendorRequest): VendorAnswer {
    const input = Input.read(request.body);
    const customerID = input.wholeNumber('customerID');
    if (customerID === null) throw new Refusal(400, 'customerID is required');
    this.#require(customerID);
    readSubscriptionInput(input, 0, customerID);
    const id = this.#subscriptions.takeNextId();
    this.#subscriptions.add(readSubscriptionInput(input, id, customerID));
    this.#countActive(customerID);
    return { status: 201, body: JSON.stringify(this.#requireSubscription(id)) };
  }

  /**
   * PUT /subscriptions/{id}/cancel/{mode}: only in the vendor's PHP client, called untested there. By their names, `renewal`
   * ends it at the next invoice and the others now; the money that they give back is not simulated.
   */
  cancelSubscription(id: number, mode: 'renewal' | 'now'): VendorAnswer {
    const row = this.#requireSubscription(id);
    this.#subscriptions.replace(
      mode === 'renewal'
        ? { ...row, EndDate: row.comp_nextInvDate }
        : { ...row, EndDate: new Date().toISOString(), comp_nextInvDate: null, comp_Status: 'cancelled' },
    );
    this.#countActive(row.customerID);
    return NO_CONTENT;
  }

  #readPage(request: VendorRequest): Page {
    return readPage(request.query, this.#options.overLimit ?? BILLAGAIN_DEFAULTS.overLimit);
  }

  #idsInOrder(offset: number, limit: number): number[] {
    if (this.#options.order === 'oldest') return this.#customers.idsFromOldest(offset, limit);
    const end = this.#customers.count - offset;
    if (end <= 0) return [];
    const start = Math.max(0, end - limit);
    return this.#customers.idsFromOldest(start, end - start).reverse();
  }

  /** Never the order that was asked for: seed 002 asks for 300, 302 and is answered 302, 300. */
  #shuffle(ids: readonly number[]): number[] {
    const shuffled = ids.toSorted((a, b) => this.#generated.rank(a) - this.#generated.rank(b));
    return shuffled.every((id, index) => id === ids[index]) ? shuffled.reverse() : shuffled;
  }

  /** For the answers whose tables don't have a StatementDate. */
  #writeWithoutDay(id: number, hasCustomFields: boolean): string {
    const text = this.#write(id, hasCustomFields);
    const { undocumentedStatementDate = 'show' } = this.#options;
    if (undocumentedStatementDate === 'show') return text;
    const shown = undocumentedStatementDate === 'null' ? '"StatementDate":null,' : '';
    return text.replace(/"StatementDate":(?:null|\d+|"[^"]*"),/, shown);
  }

  #write(id: number, hasCustomFields: boolean): string {
    const text = this.#customers.text(id);
    if (!hasCustomFields) return text;
    return `${text.slice(0, -1)},"CustomFields":${JSON.stringify(this.#customers.customFields(id))}}`;
  }

  /** "Unique customer reference" (seed 002); that a second one is refused, and how, is the simulator's reading of it. */
  #refuseTakenReference(reference: string | null, ownId: number | undefined): void {
    if (reference === null || reference === '') return;
    const id = this.#customers.idOfReference(reference);
    if (id !== undefined && id !== ownId) throw new Refusal(400, 'Reference is already in use');
  }

  #require(id: number): CustomerRow {
    const row = this.#customers.find(id);
    if (row === undefined) throw Refusal.customerNotFound();
    return row;
  }

  #requireSubscription(id: number): SubscriptionRow {
    const customer = this.#customers.find(this.#subscriptions.customerIdOf(id));
    const row = customer && this.#subscriptions.of(customer).find((candidate) => candidate.subscriptionID === id);
    if (row === undefined) throw new Refusal(410, 'Cannot find Subscription for this Account');
    return row;
  }

  #countActive(customerId: number): void {
    this.change(customerId, { ActiveSubs: this.#subscriptions.countActive(customerId) });
  }
}

/** Ids arrive as numbers (seed 002) or as digits; anything else is refused, how is not documented. */
export function readId(value: unknown): number {
  const text = String(value);
  if ((typeof value !== 'number' && typeof value !== 'string') || !/^\d{1,15}$/.test(text)) {
    throw new Refusal(400, 'A customer id must be a number');
  }
  return Number(text);
}

function ok(body: string): VendorAnswer {
  return { status: 200, body };
}
