/** The vendors' rows in the schema's words, as far as the bench's documents ask: what both hand-written arms map by hand. */

export interface BillagainCustomer {
  readonly customerID: number;
  readonly Reference: string | null;
  readonly isCompany: boolean;
  readonly Name: string | null;
  readonly LastName: string | null;
  readonly Company: string | null;
  readonly Email: string | null;
  readonly Tel: string | null;
  readonly VatNo: string | null;
  readonly CurrencyCode: string | null;
  readonly CreatedDate: string | null;
  readonly isActive: boolean;
  readonly isSuspended: boolean;
  readonly CustomFields?: readonly { readonly Key: string; readonly Value: string | null }[];
}

export interface UnipayCustomer {
  readonly id: number;
  readonly code?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly organizationName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly status?: string;
}

export interface BillagainSubscription {
  readonly subscriptionID: number;
  readonly comp_Status: string;
  readonly comp_nextInvDate: string | null;
  readonly Term: number | null;
  readonly TermType: string | null;
}

export interface UnipaySubscription {
  readonly id: number;
  readonly amount?: number;
  readonly status?: string;
  readonly billingCycleType?: string;
  readonly nextBillingDate?: string;
}

export interface Customer {
  readonly id: string;
  readonly account: 'billagain' | 'unipay';
  readonly vendorId: string;
  readonly reference: string | null;
  readonly kind: string;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly taxNumber: string | null;
  readonly currencyCode: string | null;
  readonly status: string;
  readonly createdAt: string | null;
}

export interface Subscription {
  readonly id: string;
  readonly status: string;
  readonly billingCycle: string;
  readonly nextBillingDate: string | null;
  readonly amount: { readonly amount: string } | null;
}

export function fromBillagain(row: BillagainCustomer): Customer {
  const name = row.isCompany ? (row.Name ?? '') : `${row.Name ?? ''} ${row.LastName ?? ''}`;
  return {
    id: `Customer:billagain:${row.customerID}`,
    account: 'billagain',
    vendorId: String(row.customerID),
    reference: row.Reference || null,
    kind: row.isCompany ? 'COMPANY' : 'INDIVIDUAL',
    displayName: name.trim() || row.Company?.trim() || null,
    email: row.Email || null,
    phone: row.Tel || null,
    taxNumber: row.VatNo || null,
    currencyCode: row.CurrencyCode || null,
    status: row.isActive ? (row.isSuspended ? 'SUSPENDED' : 'ACTIVE') : 'ARCHIVED',
    createdAt: row.CreatedDate || null,
  };
}

const CUSTOMER_STATUSES: Readonly<Record<string, string>> = {
  A: 'ACTIVE',
  I: 'INACTIVE',
  C: 'CANCELLED',
  E: 'EXPIRED',
};

export function fromUnipay(row: UnipayCustomer): Customer {
  const person = `${row.firstName ?? ''} ${row.lastName ?? ''}`.trim();
  return {
    id: `Customer:unipay:${row.id}`,
    account: 'unipay',
    vendorId: String(row.id),
    reference: row.code === undefined || row.code === String(row.id) ? null : row.code,
    kind: row.organizationName ? 'COMPANY' : 'INDIVIDUAL',
    displayName: row.organizationName?.trim() || person || null,
    email: row.email || null,
    phone: row.phone || null,
    taxNumber: null,
    currencyCode: null,
    status: CUSTOMER_STATUSES[row.status ?? ''] ?? 'UNKNOWN',
    createdAt: null,
  };
}

const BILLAGAIN_STATUSES: Readonly<Record<string, string>> = {
  future: 'PENDING',
  trial: 'TRIAL',
  active: 'ACTIVE',
  cancelled: 'CANCELLED',
  expired: 'EXPIRED',
};
const BILLAGAIN_CYCLES: Readonly<Record<string, string>> = {
  '7 days': 'WEEKLY',
  '1 months': 'MONTHLY',
  '3 months': 'QUARTERLY',
  '6 months': 'SEMI_ANNUALLY',
  '12 months': 'ANNUALLY',
};

export function subscriptionFromBillagain(owner: string, row: BillagainSubscription): Subscription {
  const hasCycle = row.Term !== null && (row.TermType === 'days' || row.TermType === 'months');
  return {
    id: `BillingSubscription:billagain:${owner}:${row.subscriptionID}`,
    status: BILLAGAIN_STATUSES[row.comp_Status.toLowerCase()] ?? 'UNKNOWN',
    billingCycle: hasCycle ? (BILLAGAIN_CYCLES[`${row.Term} ${row.TermType}`] ?? 'CUSTOM') : 'UNKNOWN',
    nextBillingDate: row.comp_nextInvDate?.slice(0, 10) || null,
    amount: null,
  };
}

const UNIPAY_STATUSES: Readonly<Record<string, string>> = {
  D: 'DEFERRED',
  C: 'ACTIVE',
  F: 'FROZEN',
  N: 'CANCELLED',
  E: 'EXPIRED',
  U: 'PENDING',
  S: 'SUSPENDED',
  P: 'PAUSED',
};
const UNIPAY_CYCLES: Readonly<Record<string, string>> = {
  W: 'WEEKLY',
  M: 'MONTHLY',
  Q: 'QUARTERLY',
  S: 'SEMI_ANNUALLY',
  A: 'ANNUALLY',
};

export function subscriptionFromUnipay(owner: string, row: UnipaySubscription): Subscription {
  return {
    id: `BillingSubscription:unipay:${owner}:${row.id}`,
    status: UNIPAY_STATUSES[row.status ?? ''] ?? 'UNKNOWN',
    billingCycle: UNIPAY_CYCLES[row.billingCycleType ?? ''] ?? 'UNKNOWN',
    nextBillingDate: row.nextBillingDate || null,
    amount: row.amount === undefined ? null : { amount: String(row.amount / 100) },
  };
}
