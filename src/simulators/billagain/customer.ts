import type { NumberText } from '../number-text.ts';

export type Text = string | null;

/** Primary payment method as reads show it (seed 002). Token is documented as Numeric and shown as a UUID. */
export interface PrimaryPaymentMethodInfo {
  readonly paymentMethodID: number;
  readonly Token: string;
}

/** A customer as GET /customers and POST /by_customer_ids show it: 38 fields, in the order of seed 002's examples. */
export interface CustomerRow {
  readonly customerID: number;
  readonly Reference: Text;
  /** Null only where an edit left it out. */
  readonly isCompany: boolean | null;
  readonly Name: Text;
  readonly LastName: Text;
  readonly RegistrationNumber: Text;
  readonly Company: Text;
  readonly Email: Text;
  readonly EmailCC: Text;
  readonly Cell: Text;
  readonly Tel: Text;
  readonly Fax: Text;
  readonly VatNo: Text;
  readonly Address1: Text;
  readonly Address2: Text;
  readonly City: Text;
  readonly State: Text;
  readonly Country: Text;
  readonly countryID: number | null;
  readonly CountryState: Text;
  /** "1" for customer 302, null for 300, 1 in the create example. */
  readonly countryStateID: number | string | null;
  readonly ZipCode: Text;
  readonly PrimaryGatewayID: number | null;
  readonly CurrencyCode: string;
  readonly CreatedDate: string;
  readonly isSuspended: boolean;
  readonly isActive: boolean;
  readonly comp_status: string;
  readonly isWaiveTaxes: boolean;
  readonly SuspendedDate: Text;
  readonly PaymentMethod: Text;
  readonly ActiveSubs: number;
  readonly Balance: number | NumberText;
  readonly autoSendInvoice: boolean | null;
  readonly autoSendStatement: boolean | null;
  /** Written as StatementDay. Documented as a Date on reads (always null there), a day of the month on create. */
  readonly StatementDate: number | string | null;
  readonly StatementLastSentDate: Text;
  readonly PrimaryPaymentMethodInfo: PrimaryPaymentMethodInfo | null;
}

/** Only in with_customfields answers. Key is the label that people see; it may occur twice. */
export interface CustomField {
  readonly Key: string;
  readonly Value: Text;
}

/** The words of the vendor's own screens (docs.billagain.com/help/customers); seed 002 shows only "Active". */
export function computeStatus(customer: Pick<CustomerRow, 'isActive' | 'isSuspended'>): string {
  if (!customer.isActive) return 'Archived';
  return customer.isSuspended ? 'Suspended' : 'Active';
}
