/**
 * The letters of UniPay's failure codes (its public error code page; the list there is cut after U).
 * E connectivity, L login and privilege, F formatting, V data verification, O configuration, U unsupported action.
 */
export type FailureLetter = 'E' | 'L' | 'F' | 'V' | 'O' | 'U';

/**
 * What UniPay calls an exception: a numbered list of elements of which only the first, `failureCode` (a letter and
 * digits), is documented. The digits used here are made up; of the real ones only L04 is known (raw account data
 * sent past the sanitizing filter), which nothing here answers.
 */
export class Failure extends Error {
  readonly failureCode: string;

  constructor(failureCode: `${FailureLetter}${number}`, message: string) {
    super(message);
    this.name = 'Failure';
    this.failureCode = failureCode;
  }

  get letter(): FailureLetter {
    return this.failureCode.charAt(0) as FailureLetter;
  }
}

/** Letters in a phone, a negative amount, a text over its limit: the value is not of its field's form. */
export const malformed = (message: string): Failure => new Failure('F01', message);

/** A parameter or field the resource does not have in this profile. */
export const unknownName = (letter: 'F' | 'U', message: string): Failure =>
  new Failure(letter === 'F' ? 'F02' : 'U02', message);

/** A Required parameter or field that did not come. */
export const missing = (message: string): Failure => new Failure('F03', message);

/** Well formed, but what it names does not exist. */
export const notFound = (message: string): Failure => new Failure('V01', message);

/** Well formed, but not possible with this record as it is. */
export const notPossible = (message: string): Failure => new Failure('V02', message);

/** No such action on this resource, or not in this format. */
export const unsupported = (message: string): Failure => new Failure('U01', message);

/** Wrong or absent credentials. */
export const refusedLogin = (): Failure => new Failure('L01', 'Invalid user name or password.');

/** One possible mapping of letters to HTTP statuses; the vendor documents none. */
export const STATUS_BY_LETTER: Readonly<Record<FailureLetter, number>> = {
  E: 504,
  L: 401,
  F: 400,
  V: 422,
  O: 500,
  U: 405,
};
