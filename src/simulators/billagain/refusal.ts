import type { VendorAnswer } from '../simulator.ts';

/** A request that the vendor does not carry out. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }

  /** Status and text are the example of docs.billagain.com/developer/errors: what isn't there is 410, not 404. */
  static customerNotFound(): Refusal {
    return new Refusal(410, 'Cannot find Customer for this Account');
  }
}

/** The shape of docs.billagain.com/developer/errors. It is XML for those who ask for that; its form is not documented. */
export function writeErrors(status: number, message: string): VendorAnswer {
  return { status, body: JSON.stringify({ Errors: [{ Message: message }] }) };
}
