import { isDay } from './calendar.ts';
import { malformed, missing, notPossible, unknownName } from './failure.ts';
import type { Profile, Settings } from './options.ts';
import { isBlank, type RawFields } from './row.ts';

/** What a field or parameter may hold, and when it may be sent. */
export interface FieldRule {
  readonly kind: 'text' | 'phone' | 'integer' | 'cents' | 'day' | 'letter';
  /** In characters, for texts. */
  readonly maximumLength?: number;
  readonly letters?: string;
  readonly mode: 'READ_ONLY' | 'CREATE_ONLY' | 'WRITABLE';
  /** Of parameters; which fields a create requires, the create itself knows. */
  readonly isRequired?: true;
}

export type FieldRules = Readonly<Record<string, FieldRule>>;

const READ_ONLY_INTEGER: FieldRule = { kind: 'integer', mode: 'READ_ONLY' };
const READ_ONLY_DAY: FieldRule = { kind: 'day', mode: 'READ_ONLY' };
const CYCLE: FieldRule = { kind: 'letter', letters: 'WMQSA', mode: 'READ_ONLY' };
const TYPE: FieldRule = { kind: 'letter', letters: 'FP', mode: 'READ_ONLY' };
const STATUS: FieldRule = { kind: 'letter', letters: 'DCFNEUSP', mode: 'READ_ONLY' };
const PLAN_NAME: FieldRule = { kind: 'text', maximumLength: 255, mode: 'READ_ONLY' };

/** The limits stand beside the filters of seeds 000 and 001; that they hold for writes too is assumed. */
export function customerFields(profile: Profile): FieldRules {
  const nameLength = profile === 'billing' ? 255 : 125;
  const text = (maximumLength: number): FieldRule => ({ kind: 'text', maximumLength, mode: 'WRITABLE' });
  return {
    id: READ_ONLY_INTEGER,
    // 60 is the limit of Subscription.code.
    code: { kind: 'text', maximumLength: 60, mode: 'CREATE_ONLY' },
    accountId: { kind: 'integer', mode: 'CREATE_ONLY' },
    firstName: text(nameLength),
    lastName: text(nameLength),
    organizationName: text(255),
    email: text(100),
    phone: { kind: 'phone', maximumLength: 15, mode: 'WRITABLE' },
    street: text(128),
    city: text(50),
    state: text(3),
    zipCode: text(10),
    countryCode: text(2),
    // Not confirmed as fields of the API; see unconfirmedCustomerFields.
    balance: { kind: 'cents', mode: 'READ_ONLY' },
    status: { kind: 'letter', letters: 'AICE', mode: 'READ_ONLY' },
    createDate: READ_ONLY_DAY,
  };
}

export const SUBSCRIPTION_FIELDS: FieldRules = {
  id: READ_ONLY_INTEGER,
  code: { kind: 'text', maximumLength: 60, mode: 'CREATE_ONLY' },
  // May be left out where there is one merchant account (public: components/256).
  accountId: { kind: 'integer', mode: 'CREATE_ONLY' },
  planId: { kind: 'integer', mode: 'CREATE_ONLY' },
  planName: PLAN_NAME,
  paymentOptionId: { kind: 'integer', mode: 'WRITABLE' },
  // No limit is documented.
  note: { kind: 'text', mode: 'WRITABLE' },
  amount: { kind: 'cents', mode: 'CREATE_ONLY' },
  taxAmount: { kind: 'cents', mode: 'CREATE_ONLY' },
  // Of the plan, but in the subscription's own field list: taken on create when they agree with the plan.
  billingCycleType: { ...CYCLE, mode: 'CREATE_ONLY' },
  type: { ...TYPE, mode: 'CREATE_ONLY' },
  status: STATUS,
  // Sent as yyyy-MM-dd, answered as yyyy-MM-dd HH:mm:ss (public: actions/320).
  createDate: { kind: 'day', mode: 'CREATE_ONLY' },
  firstBillingDate: { kind: 'day', mode: 'CREATE_ONLY' },
  nextBillingDate: READ_ONLY_DAY,
  lastBillingDate: READ_ONLY_DAY,
  firstInvoicingDate: { kind: 'day', mode: 'CREATE_ONLY' },
  nextInvoicingDate: READ_ONLY_DAY,
  pendingAdjustmentType: { kind: 'letter', letters: 'FCP', mode: 'READ_ONLY' },
};

const PAGE_PARAMETERS: FieldRules = { offset: READ_ONLY_INTEGER, limit: READ_ONLY_INTEGER };

/** Seed 000 filters by three names, seed 001 by eight fields more. */
const CUSTOMER_FILTERS: Readonly<Record<Profile, readonly string[]>> = {
  billing: ['firstName', 'lastName', 'organizationName'],
  management: [
    'accountId',
    'firstName',
    'lastName',
    'organizationName',
    'email',
    'phone',
    'street',
    'city',
    'state',
    'zipCode',
    'countryCode',
  ],
};

export function customerParameters(profile: Profile): FieldRules {
  const filters = Object.entries(customerFields(profile)).filter(([name]) => CUSTOMER_FILTERS[profile].includes(name));
  return { ...PAGE_PARAMETERS, ...Object.fromEntries(filters) };
}

/** Seed 003, all fifteen. */
export const SUBSCRIPTION_PARAMETERS: FieldRules = {
  ...PAGE_PARAMETERS,
  billingCycleType: CYCLE,
  createDateFrom: READ_ONLY_DAY,
  createDateTo: READ_ONLY_DAY,
  lastBillingDateFrom: READ_ONLY_DAY,
  lastBillingDateTo: READ_ONLY_DAY,
  nextBillingDateFrom: READ_ONLY_DAY,
  nextBillingDateTo: READ_ONLY_DAY,
  amountFrom: { kind: 'cents', mode: 'READ_ONLY' },
  amountTo: { kind: 'cents', mode: 'READ_ONLY' },
  planId: READ_ONLY_INTEGER,
  type: TYPE,
  status: STATUS,
  name: PLAN_NAME,
};

export const CANCEL_PARAMETERS: FieldRules = {
  effectiveDate: { ...READ_ONLY_DAY, isRequired: true },
  note: { kind: 'text', mode: 'READ_ONLY' },
};

export const FREEZE_PARAMETERS: FieldRules = {
  effectiveDate: { ...READ_ONLY_DAY, isRequired: true },
  // In payments, not in days.
  length: { ...READ_ONLY_INTEGER, isRequired: true },
  note: { kind: 'text', mode: 'READ_ONLY' },
};

function readInteger(name: string, raw: string | number): number {
  const number = typeof raw === 'number' ? raw : /^-?\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw malformed(`${name} must be a whole number.`);
  return number;
}

/** A value of its field's form, or an F failure. */
export function readValue(name: string, rule: FieldRule, raw: string | number): string | number {
  if (rule.kind === 'integer' || rule.kind === 'cents') {
    const number = readInteger(name, raw);
    if (number < 0) throw malformed(`${name} must not be negative.`);
    return number;
  }
  if (typeof raw === 'number') throw malformed(`${name} must be text.`);
  if (rule.maximumLength !== undefined && [...raw].length > rule.maximumLength) {
    throw malformed(`${name} must have at most ${rule.maximumLength} characters.`);
  }
  if (rule.kind === 'phone' && /\p{L}/u.test(raw)) throw malformed(`${name} must not have letters.`);
  if (rule.kind === 'day' && !isDay(raw)) throw malformed(`${name} must be a date as yyyy-MM-dd.`);
  if (rule.kind === 'letter' && !(raw.length === 1 && rule.letters?.includes(raw))) {
    throw malformed(`${name} must be one of ${rule.letters}.`);
  }
  return raw;
}

export type Values = ReadonlyMap<string, string | number>;

/** The parameters of a find, cancel or freeze. A blank one counts as not given; the documents don't say. */
export function readParameters(rules: FieldRules, query: URLSearchParams, settings: Settings): Values {
  const values = new Map<string, string | number>();
  for (const [name, raw] of query) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      if (settings.unknownNames === 'ignore') continue;
      throw unknownName(settings.unknownNames, `Unknown parameter ${name}.`);
    }
    if (raw === '') continue;
    if (values.has(name)) throw malformed(`${name} must be given once.`);
    values.set(name, readValue(name, rule, raw));
  }
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.isRequired && !values.has(name)) throw missing(`${name} is required.`);
  }
  return values;
}

/** The fields of a create or modify; undefined is a field sent blank, which clears it. */
export function readFields(
  rules: FieldRules,
  fields: RawFields,
  action: 'create' | 'modify',
  settings: Settings,
): Record<string, string | number | undefined> {
  const values: Record<string, string | number | undefined> = {};
  for (const [name, raw] of fields) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      if (settings.unknownNames === 'ignore') continue;
      throw unknownName(settings.unknownNames, `Unknown field ${name}.`);
    }
    if (rule.mode === 'READ_ONLY' || (rule.mode === 'CREATE_ONLY' && action === 'modify')) {
      if (settings.lockedFields === 'ignore') continue;
      throw notPossible(`${name} must not be sent on ${action}.`);
    }
    values[name] = isBlank(raw) ? undefined : readValue(name, rule, raw as string | number);
  }
  return values;
}
