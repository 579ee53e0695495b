/** Which of BillAgain's answers say that a write was carried out. What says neither yes nor no leaves its outcome unknown. */
import type { RawValue } from '../../codecs/codec.ts';
import { MalformedAnswer } from '../../errors.ts';
import { saysNo } from '../denial.ts';
import { describe, isRecord, vendorId } from '../fields.ts';
import type { WriteAnswer } from '../operation.ts';
import { hasErrors } from './failures.ts';
import type { OperationName } from './operations.ts';

/** Documented of a create, and of an edit, a delete, an archive and a reopen (seed 002). */
const CREATED = 201;
const DONE_WITHOUT_BODY = 204;

export function createAnswerReader(account: string) {
  function unknown(name: OperationName, expected: string, { status, body }: WriteAnswer<RawValue>): MalformedAnswer {
    return body instanceof MalformedAnswer
      ? body
      : new MalformedAnswer(account, `${name}: expected ${expected}; got ${describeBody(body)} (HTTP ${status})`);
  }

  return {
    /**
     * Done with the documented 201, whatever its body holds, and with a record that has a number; undefined where that
     * record can't be read.
     */
    readCreated<R extends object>(
      name: OperationName,
      answer: WriteAnswer<RawValue>,
      idName: string,
      read: (raw: RawValue) => R | MalformedAnswer,
    ): R | undefined {
      const { status, body } = answer;
      const isNumbered = hasNumber(body, idName);
      if ((status !== CREATED && !isNumbered) || (isBody(body) && hasErrors(body))) {
        throw unknown(name, 'HTTP 201 or the new record', answer);
      }
      if (!isNumbered) return undefined;
      const record = read(body);
      return record instanceof MalformedAnswer ? undefined : record;
    },

    /** Done with the documented 204, or where the record that was asked for is shown instead. */
    requireDone(name: OperationName, answer: WriteAnswer<RawValue>, customerID: string): undefined {
      const { status, body } = answer;
      if (status === DONE_WITHOUT_BODY || numberOf(body, 'customerID') === customerID) return undefined;
      throw unknown(name, 'HTTP 204', answer);
    },

    /** What is answered to a cancellation is not documented: any success that isn't somebody else's page. */
    requireNoRefusal(name: OperationName, answer: WriteAnswer<RawValue>): undefined {
      const { body } = answer;
      if (body === undefined || (isBody(body) && !hasErrors(body) && !saysNo(body))) return undefined;
      throw unknown(name, 'a success', answer);
    },
  };
}

function isBody(body: WriteAnswer<RawValue>['body']): body is RawValue {
  return body !== undefined && !(body instanceof MalformedAnswer);
}

function hasNumber(body: WriteAnswer<RawValue>['body'], idName: string): body is RawValue {
  return numberOf(body, idName) !== undefined;
}

/** Undefined where there is none that can be read. */
function numberOf(body: WriteAnswer<RawValue>['body'], idName: string): string | undefined {
  if (!isBody(body) || !isRecord(body)) return undefined;
  try {
    return vendorId(idName).read(body);
  } catch {
    return undefined;
  }
}

function describeBody(body: RawValue | undefined): string {
  if (body === undefined) return 'an empty body';
  if (body === null) return 'null';
  return isRecord(body) ? 'a record of another kind' : describe(body);
}
