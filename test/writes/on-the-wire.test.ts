import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Dial } from '../../src/simulators/dials.ts';
import { operations as billagainOperations } from '../../src/vendors/billagain/operations.ts';
import type { OperationTable } from '../../src/vendors/operation.ts';
import { operations as unipayOperations } from '../../src/vendors/unipay/operations.ts';
import { CASES } from './cases.ts';
import { attempt } from './documents.ts';
import { type LocalGateway, startLocalGateway, startVendors, takeCalls, type Vendors } from './start-gateways.ts';

const OPERATIONS: Readonly<Record<string, OperationTable>> = {
  billagain: billagainOperations,
  unipay: unipayOperations,
};

const TIMEOUT_MS = 150;
const FAULTS: Readonly<Record<string, Dial>> = {
  'dropped before it took effect': { drop: 'before' },
  'dropped after it took effect': { drop: 'after' },
  'answered with 503': { status: 503 },
  'answered with 503 and Retry-After': { status: 503, retryAfterSeconds: 0 },
  'answered with 500': { status: 500 },
  'answered with 429': { retryAfterSeconds: 0 },
  'answered in part': { truncateBytes: 3 },
  'answered with something else': { status: 200, body: '<html>', contentType: 'text/html' },
  'not answered in time': { latencyMs: 3 * TIMEOUT_MS },
};

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(() => vendors.close());

it('has a case for every operation that is no read', () => {
  const writes = Object.entries(OPERATIONS).flatMap(([vendor, table]) =>
    Object.entries(table).flatMap(([name, { operationClass }]) =>
      operationClass === 'SAFE' ? [] : [`${vendor} ${name}`],
    ),
  );
  expect(CASES.map(({ vendor, operation }) => `${vendor} ${operation}`).sort()).toEqual(writes.sort());
});

const ONCE = CASES.filter(({ vendor, operation }) =>
  /^(CREATE|STATE_CHANGE)$/.test(OPERATIONS[vendor]?.[operation]?.operationClass ?? ''),
);

describe.each(ONCE)('$vendor $operation', ({ vendor, method, path, document, variables }) => {
  let gateway: LocalGateway;
  // One each, so that no circuit opens.
  beforeEach(async () => {
    gateway = await startLocalGateway(vendors, { VENDOR_TIMEOUT_MS: String(TIMEOUT_MS) });
  });
  afterEach(() => gateway.stop());

  it('goes on the wire once, whatever becomes of it', async () => {
    const simulator = vendors[vendor];
    for (const [fault, dial] of Object.entries(FAULTS)) {
      const input = await variables(vendors);
      simulator.calls.clear();
      simulator.dials.set({ method, path, ...dial });
      const { data, errors } = await attempt(gateway, document, input);
      simulator.dials.clear();
      expect([fault, simulator.calls.count(method, path)]).toEqual([fault, 1]);
      // Done (as it could be learned), unknown, or a fault that says it wasn't done.
      const userErrors = data?.payload?.userErrors ?? [];
      const code = userErrors[0]?.code ?? errors?.[0]?.extensions?.code ?? 'DONE';
      expect([fault, code]).toEqual([
        fault,
        fault === 'answered with 429' ? 'VENDOR_RATE_LIMITED' : expect.stringMatching(/^(DONE|OUTCOME_UNKNOWN)$/),
      ]);
    }
  });
});

/** After these the vendor has said itself that it did not carry out the request. */
const ENDED = /^answered with (503|503 and Retry-After|500|429)$/;
const EDITS = CASES.filter(
  ({ vendor, operation }) => OPERATIONS[vendor]?.[operation]?.operationClass === 'EDIT',
).flatMap((edit) => Object.entries(FAULTS).map(([fault, dial]) => ({ ...edit, fault, dial })));

describe.each(EDITS)('$vendor $operation', ({ vendor, method, path, document, variables, fault, dial }) => {
  it(`goes on the wire once for each time its record was read, when it is ${fault}`, async () => {
    const gateway = await startLocalGateway(vendors, { VENDOR_TIMEOUT_MS: String(TIMEOUT_MS) });
    const simulator = vendors[vendor];
    const input = await variables(vendors);
    simulator.calls.clear();
    simulator.dials.set({ method, path, ...dial });
    const { data, errors } = await attempt(gateway, document, input);
    simulator.dials.clear();
    await gateway.stop();
    expect(simulator.calls.count(method, path)).toBe(ENDED.test(fault) ? 3 : 1);
    const code = data?.payload?.userErrors[0]?.code ?? errors?.[0]?.extensions?.code ?? 'DONE';
    expect(code).toEqual(
      fault === 'answered with 429' ? 'VENDOR_RATE_LIMITED' : expect.stringMatching(/^(DONE|OUTCOME_UNKNOWN)$/),
    );
    // Each was planned anew, from the record as it was by then.
    const calls = takeCalls(simulator);
    const [edit = ''] = calls.filter((call) => call.startsWith(method) && path.test(call.split(' ')[1] ?? ''));
    for (const [index, call] of calls.entries()) if (call === edit) expect(calls[index - 1]).not.toBe(edit);
  });
});

describe('a safe read', () => {
  let gateway: LocalGateway;
  beforeEach(async () => {
    gateway = await startLocalGateway(vendors, { CACHE_TTL_SECONDS: '0', VENDOR_TIMEOUT_MS: '2000' });
  });
  afterEach(() => gateway.stop());

  const READS: readonly [string, 'billagain' | 'unipay', string][] = [
    ['POST /by_customer_ids', 'billagain', '{ customer(id: "Customer:billagain:302") { id } }'],
    ['GET /customers', 'billagain', '{ customers(first: 3, accounts: ["billagain"]) { nodes { id } } }'],
    ['GET /customers/1.json', 'unipay', '{ customer(id: "Customer:unipay:1") { id } }'],
  ];

  it.each(READS)('%s is repeated after a 503 and after a reset', async (call, vendor, document) => {
    const simulator = vendors[vendor];
    for (const dial of [{ status: 503 }, { drop: 'before' }, { drop: 'after' }] as const) {
      simulator.calls.clear();
      simulator.dials.set({ ...dial, times: 2 });
      expect(await gateway.ask(document)).toEqual({ data: expect.anything() });
      expect(takeCalls(simulator)).toEqual([call, call, call]);
    }
  });

  it.each(READS)('%s is repeated no sooner than Retry-After says', async (_call, vendor, document) => {
    const simulator = vendors[vendor];
    simulator.calls.clear();
    simulator.dials.set({ status: 503, retryAfterSeconds: 1, times: 1 });
    expect(await gateway.ask(document)).toEqual({ data: expect.anything() });
    const [first, second, ...more] = simulator.calls.calls;
    expect(more).toEqual([]);
    // Both clocks are the machine's; a timer may fire a moment early.
    expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it.each(READS)('%s is given up when it fails for good', async (call, vendor, document) => {
    const simulator = vendors[vendor];
    simulator.calls.clear();
    simulator.dials.set({ status: 503 });
    const { errors } = await gateway.ask(document);
    simulator.dials.clear();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'VENDOR_UNAVAILABLE', retryable: true });
    expect(takeCalls(simulator)).toEqual([call, call, call]);
  });
});
