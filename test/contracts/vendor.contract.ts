import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  MalformedAnswer,
  VendorError,
  VendorRateLimited,
  VendorRefusedCredentials,
  VendorTimeout,
  VendorUnavailable,
} from '../../src/errors.ts';
import type { Capability } from '../../src/model/billing-account.ts';
import type { Customer } from '../../src/model/customer.ts';
import { readNodeId } from '../../src/model/ids.ts';
import type { Simulator } from '../../src/simulators/simulator.ts';
import type { RowPage, RowWindow, VendorAccount } from '../../src/vendors/vendor.ts';
import { patience } from '../vendors/connected.ts';

/** A simulator, the way to it, and what only the vendor's own tests can know. */
export interface VendorUnderTest {
  readonly simulator: Simulator;
  connect(): VendorAccount;
  readonly customerCount: number;
  /** Of a customer with at least two subscriptions, and how many they are. */
  readonly owner: { readonly vendorId: string; readonly subscriptionCount: number };
  readonly unknownId: string;
  readonly capabilities: readonly Capability[];
  readonly limits: VendorAccount['limits'];
  /** An answer in which one row can't be read any more, though its number can: of several the second, else the only one. */
  spoil(body: string): string;
  readonly secrets: readonly string[];
}

type Read = (account: VendorAccount) => Promise<unknown>;

function isRow<T>(row: T): row is Exclude<T, VendorError | undefined> {
  return row !== undefined && !(row instanceof VendorError);
}

/** What every dialect must satisfy, over real HTTP. */
export function itIsAVendorAccount(name: string, start: () => Promise<VendorUnderTest>): void {
  describe(`${name} as a vendor account`, () => {
    let vendor: VendorUnderTest;
    let account: VendorAccount;
    let rows: Customer[];

    beforeAll(async () => {
      vendor = await start();
      account = vendor.connect();
      rows = (await walk((window) => findCustomers(window))).filter(isRow);
      await account.close();
    });
    afterAll(() => vendor.simulator.close());
    beforeEach(() => {
      // A breaker that remembers the failures of another test would refuse this one's calls.
      account = vendor.connect();
    });
    afterEach(async () => {
      vendor.simulator.dials.clear();
      await account.close();
    });

    function findCustomers(window: RowWindow, customFields = false): Promise<RowPage<Customer>> {
      return account.findCustomers(window, { customFields, filter: {} }, patience());
    }

    function findSubscriptions(window: RowWindow, customerVendorId = vendor.owner.vendorId) {
      return account.findSubscriptions(customerVendorId, window, {}, patience());
    }

    /** The whole list, window after window. */
    async function walk<T>(read: (window: RowWindow) => Promise<RowPage<T>>, count = account.limits.rowsPerWindow) {
      const all: RowPage<T>['rows'][number][] = [];
      for (;;) {
        const page = await read({ offset: all.length, count });
        all.push(...page.rows);
        if (page.isLast) return all;
        expect(page.rows).toHaveLength(count);
      }
    }

    async function load(ids: readonly string[], customFields = false): Promise<Map<string, Customer | VendorError>> {
      const found = new Map<string, Customer | VendorError>();
      const size = account.limits.customersPerLoad;
      for (let first = 0; first < ids.length; first += size) {
        const chunk = ids.slice(first, first + size);
        const part = await account.loadCustomers(chunk, { customFields }, patience());
        for (const [id, customer] of part) found.set(id, customer);
      }
      return found;
    }

    const ownSubscription: Read = async (from) => {
      const { vendorId: customerVendorId } = vendor.owner;
      return from.loadSubscription({ account: from.name, customerVendorId, vendorId: '1' }, patience());
    };
    const reads: Record<string, Read> = {
      loadCustomers: async (from) =>
        [...(await from.loadCustomers([vendor.owner.vendorId], { customFields: false }, patience())).values()][0],
      'loadCustomers with custom fields': async (from) =>
        [...(await from.loadCustomers([vendor.owner.vendorId], { customFields: true }, patience())).values()][0],
      findCustomers: (from) =>
        from.findCustomers({ offset: 0, count: 5 }, { customFields: false, filter: {} }, patience()),
      loadSubscription: ownSubscription,
      findSubscriptions: (from) =>
        from.findSubscriptions(vendor.owner.vendorId, { offset: 0, count: 5 }, {}, patience()),
    };

    /** The error that a read ends in, as a rejection or as its record's value. */
    async function failureOf(read: Read): Promise<VendorError> {
      const answer = await read(account).catch((error: unknown) => error);
      if (!(answer instanceof VendorError)) throw new Error(`expected a VendorError; got ${String(answer)}`);
      expect(answer.account).toBe(account.name);
      expect(answer.message).toMatch(new RegExp(`^${account.name}: `));
      for (const secret of [...vendor.secrets, vendor.simulator.url, 'Brielle']) {
        expect(answer.message).not.toContain(secret);
        expect(JSON.stringify(answer.extensions)).not.toContain(secret);
      }
      expect(answer.cause).toBeUndefined();
      return answer;
    }

    describe('says what it is as data:', () => {
      it('its capabilities', () => {
        expect([...account.capabilities].sort()).toEqual([...vendor.capabilities].sort());
      });

      it('its limits', () => expect(account.limits).toEqual(vendor.limits));

      it('its health', () => expect(account.health()).toBe('UP'));

      it('which ids are its own', () => {
        for (const id of [...rows.map(({ vendorId }) => vendorId), vendor.unknownId]) {
          expect(account.isVendorId(id)).toBe(true);
        }
        const foreign = ['', '0', '0302', '-1', '+1', '1.0', '1e3', ' 1', '1 ', '1\n', '١', '１', '9'.repeat(40)];
        const paths = ['with_customfields', '..', '1/2', '1?page=2', '%31', 'null', 'constructor', '__proto__'];
        for (const id of [...foreign, ...paths]) expect([id, account.isVendorId(id)]).toEqual([id, false]);
      });

      it('what becomes of each filter', () => {
        expect(Object.keys(account.customerFilter)).toHaveLength(11);
        expect(Object.keys(account.subscriptionFilter)).toHaveLength(13);
        for (const line of [...Object.values(account.customerFilter), ...Object.values(account.subscriptionFilter)]) {
          expect(line.conversion).not.toBe('');
        }
      });
    });

    describe('loads customers', () => {
      it('by their keys, in whatever order they come', async () => {
        const wanted = rows.filter((_, index) => index % 9 === 0);
        const found = await load(wanted.map(({ vendorId }) => vendorId).toReversed());
        expect(found.size).toBe(wanted.length);
        for (const customer of wanted) {
          // Undefined in a list that doesn't hold it.
          const { statementDay, ...listed } = customer;
          expect(found.get(customer.vendorId)).toMatchObject(listed);
          if (statementDay !== undefined) expect(found.get(customer.vendorId)).toMatchObject({ statementDay });
          expect(readNodeId(customer.id)).toEqual({
            type: 'Customer',
            account: account.name,
            vendorId: customer.vendorId,
          });
          expect([customer.account, customer.vendor]).toEqual([account.name, account.vendor]);
        }
      });

      it('and leaves an unknown one out', async () => {
        const [known] = rows;
        if (known === undefined) throw new Error('expected a customer');
        expect([...(await load([vendor.unknownId, known.vendorId])).keys()]).toEqual([known.vendorId]);
        expect((await load([vendor.unknownId])).size).toBe(0);
        expect((await load([vendor.unknownId], true)).size).toBe(0);
      });

      it('with a list of custom fields where they are asked for', async () => {
        const wanted = rows.slice(0, 12).map(({ vendorId }) => vendorId);
        const found = [...(await load(wanted, true)).values()].filter(isRow);
        expect(found).toHaveLength(wanted.length);
        for (const { customFields } of found) expect(customFields).toBeInstanceOf(Array);
        const total = found.reduce((sum, { customFields }) => sum + (customFields?.length ?? 0), 0);
        expect(total > 0).toBe(account.capabilities.has('CUSTOM_FIELDS'));
      });

      it('alike alone and in a list, custom fields too', async () => {
        const page = await findCustomers({ offset: 3, count: 4 }, true);
        const found = await load(
          page.rows.filter(isRow).map(({ vendorId }) => vendorId),
          true,
        );
        expect([...found.values()]).toEqual(expect.arrayContaining([...page.rows]));
      });

      it('and calls one that cannot be read malformed, not absent', async () => {
        const [first, second] = rows as [Customer, Customer];
        vendor.simulator.dials.set({ rewrite: vendor.spoil });
        const found = await load([first.vendorId, second.vendorId]);
        const spoilt = [...found].filter(([, customer]) => customer instanceof MalformedAnswer);
        expect(found.size).toBe(2);
        expect(spoilt).toHaveLength(account.limits.customersPerLoad === 1 ? 2 : 1);
        for (const [id, error] of spoilt) expect((error as VendorError).message).toContain(`customer ${id}: `);
      });
    });

    describe('finds customers', () => {
      it('each once in one walk', () => {
        expect(rows).toHaveLength(vendor.customerCount);
        expect(new Set(rows.map(({ vendorId }) => vendorId)).size).toBe(vendor.customerCount);
      });

      it.each([1, 7, 100])('the same in windows of %d', async (count) => {
        const part = Math.min(rows.length, count * 12);
        const read: (typeof rows)[number][] = [];
        while (read.length < part) {
          const page = await findCustomers({
            offset: read.length,
            count: Math.min(count, account.limits.rowsPerWindow),
          });
          read.push(...page.rows.filter(isRow));
        }
        expect(read).toEqual(rows.slice(0, read.length));
      });

      it('in any window, and tells truly when it is the last', async () => {
        const anywhere = fc.record({
          offset: fc.nat({ max: rows.length + 250 }),
          count: fc.integer({ min: 1, max: account.limits.rowsPerWindow }),
        });
        const nearTheEnd = fc
          .record({ count: fc.integer({ min: 1, max: 40 }), behind: fc.nat({ max: 9 }) })
          .map(({ count, behind }) => ({ offset: rows.length - behind - count, count }));
        const windows = fc.oneof(anywhere, nearTheEnd);
        await fc.assert(
          fc.asyncProperty(windows, async ({ offset, count }) => {
            const page = await findCustomers({ offset, count });
            expect(page.rows).toEqual(rows.slice(offset, offset + count));
            if (page.isLast) expect(offset + count).toBeGreaterThanOrEqual(rows.length);
            else expect(page.rows).toHaveLength(count);
          }),
          { numRuns: 25 },
        );
      });

      it('and leaves one that cannot be read in its place as its own error', async () => {
        vendor.simulator.dials.set({ rewrite: vendor.spoil });
        const page = await findCustomers({ offset: 0, count: 5 });
        const [first, second, ...others] = page.rows;
        expect(second).toBeInstanceOf(MalformedAnswer);
        expect((second as VendorError).message).toContain(`customer ${rows[1]?.vendorId}: `);
        expect([first, ...others]).toEqual([rows[0], ...rows.slice(2, 5)]);
        expect(page.isLast).toBe(false);
      });

      it('by the pushed part of a filter, and looks at no other', async () => {
        const wanted = rows.find(({ firstName, lastName }) => firstName !== null && lastName !== null);
        if (!wanted) throw new Error('expected a customer with both names');
        const filter = { firstName: wanted.firstName, lastName: wanted.lastName, merchantAccountId: '999999999' };
        const pushed = (['firstName', 'lastName'] as const).filter(
          (key) => account.customerFilter[key].supportFor(wanted[key] ?? '') === 'PUSHED',
        );
        if (account.customerFilter.merchantAccountId.supportFor('999999999') === 'PUSHED') {
          filter.merchantAccountId = wanted.merchantAccountId ?? '';
        }
        const page = await account.findCustomers(
          { offset: 0, count: 100 },
          { customFields: false, filter },
          patience(),
        );
        const same = (customer: Customer) =>
          pushed.every((key) => customer[key]?.toLowerCase() === wanted[key]?.toLowerCase()) &&
          (account.customerFilter.merchantAccountId.supportFor('1') !== 'PUSHED' ||
            customer.merchantAccountId === wanted.merchantAccountId);
        expect(page.rows).toEqual(rows.filter(same).slice(0, 100));
      });
    });

    describe('finds subscriptions', () => {
      it('each once, in any window, and tells truly when it is the last', async () => {
        const all = (await walk((window) => findSubscriptions(window))).filter(isRow);
        expect(all).toHaveLength(vendor.owner.subscriptionCount);
        for (const subscription of all) {
          expect(subscription.customerVendorId).toBe(vendor.owner.vendorId);
          expect(readNodeId(subscription.id)).toEqual({
            type: 'BillingSubscription',
            account: account.name,
            customerVendorId: vendor.owner.vendorId,
            vendorId: subscription.vendorId,
          });
        }
        for (let offset = 0; offset <= all.length + 1; offset += 1) {
          for (let count = 1; count <= all.length + 1; count += 1) {
            const page = await findSubscriptions({ offset, count });
            expect(page.rows).toEqual(all.slice(offset, offset + count));
            if (page.isLast) expect(offset + count).toBeGreaterThanOrEqual(all.length);
            else expect(page.rows).toHaveLength(count);
          }
        }
      });

      it('none of an unknown customer', async () => {
        expect(await findSubscriptions({ offset: 0, count: 10 }, vendor.unknownId)).toEqual({ rows: [], isLast: true });
      });

      it('and leaves one that cannot be read in its place as its own error', async () => {
        const before = await findSubscriptions({ offset: 0, count: 50 });
        vendor.simulator.dials.set({ rewrite: vendor.spoil });
        const page = await findSubscriptions({ offset: 0, count: 50 });
        expect(page.rows[1]).toBeInstanceOf(MalformedAnswer);
        expect(page.rows.toSpliced(1, 1)).toEqual(before.rows.toSpliced(1, 1));
      });
    });

    describe('loads a subscription', () => {
      const loadSubscription = (customerVendorId: string, vendorId: string) =>
        account.loadSubscription({ account: account.name, customerVendorId, vendorId }, patience());

      it('as the list has it', async () => {
        const { rows: listed } = await findSubscriptions({ offset: 0, count: 50 });
        for (const subscription of listed.filter(isRow)) {
          expect(await loadSubscription(vendor.owner.vendorId, subscription.vendorId)).toEqual(subscription);
        }
      });

      it('as null where there is none', async () => {
        const [own] = (await findSubscriptions({ offset: 0, count: 1 })).rows.filter(isRow);
        const stranger = rows.find(({ vendorId }) => vendorId !== vendor.owner.vendorId)?.vendorId ?? '';
        expect(await loadSubscription(vendor.owner.vendorId, vendor.unknownId)).toBeNull();
        expect(await loadSubscription(vendor.unknownId, own?.vendorId ?? '')).toBeNull();
        expect(await loadSubscription(stranger, own?.vendorId ?? '')).toBeNull();
      });

      it('and says when it cannot be read', async () => {
        const { rows: listed } = await findSubscriptions({ offset: 0, count: 50 });
        const spoilt = listed[1];
        if (!isRow(spoilt)) throw new Error('expected two subscriptions');
        vendor.simulator.dials.set({ rewrite: vendor.spoil });
        await expect(loadSubscription(vendor.owner.vendorId, spoilt.vendorId)).rejects.toThrow(MalformedAnswer);
      });
    });

    describe.each(Object.entries(reads))('tells how %s failed', (_name, read) => {
      const html = { body: '<html>Brielle</html>', contentType: 'text/html' };
      it.each(
        Object.entries({
          'HTTP 401': { status: 401, as: VendorRefusedCredentials, retryable: false },
          'HTTP 403': { status: 403, as: VendorRefusedCredentials, retryable: false },
          'HTTP 429': { status: 429, as: VendorRateLimited, retryable: true },
          'HTTP 429 and Retry-After': { status: 429, retryAfterSeconds: 7, as: VendorRateLimited, retryable: true },
          'HTTP 500': { status: 500, as: VendorUnavailable, retryable: true },
          'HTTP 503': { status: 503, as: VendorUnavailable, retryable: true },
          'HTTP 503 and Retry-After': { status: 503, retryAfterSeconds: 3, as: VendorUnavailable, retryable: true },
          'HTTP 504': { status: 504, as: VendorTimeout, retryable: true },
          'a redirect': { status: 302, body: '', as: MalformedAnswer, retryable: false },
          "a proxy's HTTP 404": { status: 404, ...html, as: VendorUnavailable, retryable: false },
          "a proxy's HTTP 410": { status: 410, ...html, as: VendorUnavailable, retryable: false },
          "a proxy's HTTP 502": { status: 502, ...html, as: VendorUnavailable, retryable: true },
        }),
      )('with %s', async (_what, { as, retryable, ...dial }) => {
        vendor.simulator.dials.set(dial);
        const error = await failureOf(read);
        expect(error).toBeInstanceOf(as);
        expect(error.retryable).toBe(retryable);
        expect(error.extensions).toMatchObject({ code: error.code, account: account.name, retryable });
        expect(error.retryAfterMs).toBe('retryAfterSeconds' in dial ? dial.retryAfterSeconds * 1000 : undefined);
      });

      it.each([
        '',
        'Brielle',
        '{"Name":"Brielle',
        '<customers><customer id="1"',
        '<customers>Brielle</customers>',
        '42',
        'true',
        '"Brielle"',
        '{"Name":"Brielle"}',
        '<html><body>Brielle</body></html>',
        '<!DOCTYPE html><html></html>',
        '<html/>',
      ])('with the body %j', async (body) => {
        vendor.simulator.dials.set({ status: 200, body });
        expect(await failureOf(read)).toBeInstanceOf(MalformedAnswer);
      });

      it('with a body cut short', async () => {
        vendor.simulator.dials.set({ rewrite: (body) => body.slice(0, body.length / 2) });
        expect(await failureOf(read)).toBeInstanceOf(MalformedAnswer);
        vendor.simulator.dials.set({ truncateBytes: 20 });
        expect(await failureOf(read)).toBeInstanceOf(MalformedAnswer);
      });

      it('with no answer at all', async () => {
        vendor.simulator.dials.set({ drop: 'before' });
        const error = await failureOf(read);
        expect(error).toBeInstanceOf(VendorUnavailable);
        expect(error.retryable).toBe(true);
      });
    });

    it('asks no more once it is closed', async () => {
      await account.close();
      await account.close();
      expect(await failureOf(() => findCustomers({ offset: 0, count: 1 }))).toBeInstanceOf(VendorUnavailable);
    });
  });
}
