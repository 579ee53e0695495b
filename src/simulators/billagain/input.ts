import { isNumberText, type NumberText, parseKeepingNumbers } from '../number-text.ts';
import { Refusal } from './refusal.ts';

/**
 * A JSON object from a request. Its readers are as tolerant as seed 002's own examples need: a number where text is
 * documented ("RegistrationNumber": 123123), text where a number is ("countryStateID": "1"). What fits neither is refused
 * with 400, a status that is not documented for it.
 */
export class Input {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #place: string;

  private constructor(value: unknown, place: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isNumberText(value)) {
      throw new Refusal(400, `${place || 'The body'} must be an object`);
    }
    this.#fields = value as Record<string, unknown>;
    this.#place = place;
  }

  static read(body: string): Input {
    let value: unknown;
    try {
      value = parseKeepingNumbers(body);
    } catch {
      throw new Refusal(400, 'The body must be JSON');
    }
    return new Input(value, '');
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name);
  }

  text(name: string): string | null {
    const value = this.#fields[name] ?? null;
    if (value === null || typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    if (isNumberText(value)) return value.rawJSON;
    return this.#refuse(name, 'text');
  }

  boolean(name: string): boolean | null {
    const value = this.#fields[name] ?? null;
    return value === null || typeof value === 'boolean' ? value : this.#refuse(name, 'true or false');
  }

  wholeNumber(name: string): number | null {
    const value = this.#fields[name] ?? null;
    if (value === null || value === '') return null;
    const number = typeof value === 'string' ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : this.#refuse(name, 'a whole number');
  }

  number(name: string): number | NumberText | null {
    const value = this.#fields[name] ?? null;
    return value === null || typeof value === 'number' || isNumberText(value) ? value : this.#refuse(name, 'a number');
  }

  object(name: string): Input | null {
    const value = this.#fields[name] ?? null;
    return value === null ? null : new Input(value, `${this.#place}${name}.`);
  }

  objects(name: string): Input[] {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value)) return this.#refuse(name, 'a list');
    return value.map((entry: unknown, index) => new Input(entry, `${this.#place}${name}[${index}].`));
  }

  list(name: string): readonly unknown[] {
    const value = this.#fields[name] ?? [];
    return Array.isArray(value) ? value : this.#refuse(name, 'a list');
  }

  #refuse(name: string, expected: string): never {
    // Without the value that came: it may be a card number or a password.
    throw new Refusal(400, `${this.#place}${name} must be ${expected}`);
  }
}
