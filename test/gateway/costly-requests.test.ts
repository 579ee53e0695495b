import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './start-gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({ billagain: { customers: 20 }, unipay: { customers: 20 } });
});

afterAll(() => gateway.stop());

const MEGABYTE = 1_000_000;
const times = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

/** Answered before any vendor is asked, each alias with this error, which tells the text's length and none of it. */
async function expectRefusals(
  document: string,
  variables: Readonly<Record<string, unknown>>,
  message: RegExp,
  code = 'BAD_USER_INPUT',
): Promise<void> {
  const calls = await gateway.callsOf(async () => {
    const { errors = [] } = await gateway.query(document, variables);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      expect(error.message).toMatch(message);
      expect(error.message.length).toBeLessThan(500);
      expect(error.extensions?.code).toBe(code);
    }
  });
  expect(calls).toEqual([]);
}

describe('a text that is longer than anything it could mean', () => {
  it.each([
    ['of letters', 'x'],
    ['of digits in groups', '4 '],
    ['of digits', '4'],
    ['of separators', '-'],
    ['beyond ASCII', '４'],
  ])('is refused as a filter by every alias that has it: %s', (_, part) =>
    expectRefusals(
      `query ($filter: CustomerFilter) { ${times(20, (index) => `a${index}: customers(first: 1, filter: $filter) { nodes { id } }`)} }`,
      { filter: { lastName: part.repeat(300_000) } },
      /^filter\.lastName may have up to 1000 characters; got \d{6}$/,
    ),
  );

  it('is refused as a filter of subscriptions', async () => {
    const { errors = [] } = await gateway.query(
      `query ($filter: SubscriptionFilter) { customer(id: "Customer:unipay:1") {
         ${times(20, (index) => `a${index}: subscriptions(filter: $filter) { nodes { id } }`)} } }`,
      { filter: { planName: 'x'.repeat(MEGABYTE - 5000) } },
    );
    expect(errors.map(({ message }) => message)).toContain(
      'filter.planName may have up to 1000 characters; got 995000',
    );
  });

  it.each([
    ['letters', 'Customer:billagain:x', 'x'],
    ['digits', 'Customer:unipay:1', '1'],
    ['colons', '', ':'],
    ['an account', 'Customer:', 'x'],
  ])('is refused as an id: %s', async (_, head, part) => {
    const id = head + part.repeat(MEGABYTE - 10_000);
    for (const field of ['customer', 'node', 'subscription']) {
      await expectRefusals(
        `query ($id: ID!) { ${times(20, (index) => `a${index}: ${field}(id: $id) { id }`)} }`,
        { id },
        /id must be .*; got "/,
      );
    }
  });

  it('is refused as a cursor, as the name of an account, and as a choice of accounts', async () => {
    const text = 'x'.repeat(MEGABYTE - 10_000);
    const lists = (argument: string) =>
      times(20, (index) => `a${index}: customers(first: 1, ${argument}) { nodes { id } }`);
    await expectRefusals(`query ($v: String) { ${lists('after: $v')} }`, { v: text }, /^`after` must be a cursor/);
    await expectRefusals(
      `query ($v: [String!]) { ${lists('accounts: $v')} }`,
      { v: [text] },
      /^account must be one of/,
    );
    await expectRefusals(
      `query ($v: [String!]) { ${lists('accounts: $v')} }`,
      { v: Array(80_000).fill('billagain') },
      /^`accounts` may hold up to 1000 names; got 80000$/,
    );
  });

  it('is refused within the input of a mutation, and so is a list without end', async () => {
    const create = `mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code field message } } }`;
    const input = { account: 'billagain', currencyCode: 'ZAR', taxExempt: false };
    const calls = await gateway.callsOf(async () => {
      const long = await gateway.read(create, { input: { ...input, lastName: '4 '.repeat(450_000) } });
      expect(long).toEqual({
        createCustomer: {
          userErrors: [
            { code: 'TOO_LONG', field: ['lastName'], message: 'lastName takes up to 10000 characters; got 900000' },
          ],
        },
      });
      const components = Array.from({ length: 60_000 }, () => ({ id: 'x' }));
      const endless = { ...input, billAgain: { subscriptions: [{ planId: '1', components }] } };
      const field = ['billAgain', 'subscriptions', '0', 'components'];
      const message = 'billAgain.subscriptions.0.components takes up to 1000 items; got 60000';
      expect(await gateway.read(create, { input: endless })).toEqual({
        createCustomer: { userErrors: [{ code: 'TOO_LONG', field, message }] },
      });
    });
    expect(calls).toEqual([]);
  });
});

describe('ids that an operation holds', () => {
  const lists = (count: number, size: number, id: (index: number) => string) => {
    const names = Array.from({ length: count }, (_, index) => `ids${index}`);
    return {
      document: `query (${names.map((name) => `$${name}: [ID!]!`).join(' ')}) { ${names.map((name) => `${name}: nodes(ids: $${name}) { id }`).join(' ')} }`,
      variables: Object.fromEntries(
        names.map((name, list) => [name, Array.from({ length: size }, (_, index) => id(list * size + index))]),
      ),
    };
  };

  it.each([
    ['of records', (index: number) => `Customer:unipay:${index + 1}`],
    ['malformed', (index: number) => `Customer:${index}`],
  ])('are refused before they are looked at where there are more than a request may hold: %s', async (_, id) => {
    const { document, variables } = lists(40, 1000, id);
    const message = /^an operation may hold up to 12000 ids; got 40000: ask for fewer at once$/;
    await expectRefusals(document, variables, message, 'OPERATION_TOO_COMPLEX');
    const [same] = Object.values(variables);
    await expectRefusals(
      `query ($ids: [ID!]!) { ${times(40, (index) => `a${index}: nodes(ids: $ids) { id }`)} }`,
      { ids: same },
      message,
      'OPERATION_TOO_COMPLEX',
    );
    const written = `ids: ${JSON.stringify(same)}`;
    await expectRefusals(
      `{ ...F } fragment F on Query { ${times(13, (index) => `a${index}: nodes(${written}) { id }`)} }`,
      {},
      /^an operation may hold up to 12000 ids; got 13000: ask for fewer at once$/,
      'OPERATION_TOO_COMPLEX',
    );
  });

  it('are answered one by one up to there, each malformed one with an error at its place', async () => {
    const { document, variables } = lists(12, 1000, (index) => `Customer:${index}`);
    const { data, errors } = await gateway.query<Record<string, unknown[]>>(document, variables);
    expect(errors).toHaveLength(12_000);
    expect(new Set(errors?.map(({ path }) => path?.join('.'))).size).toBe(12_000);
    expect(Object.values(data ?? {}).flat()).toHaveLength(12_000);
  });

  it('may be a thousand in one list, and a hundred aliases may ask for customers', async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `Customer:unipay:${(index % 20) + 1}`);
    const { nodes } = await gateway.read<{ nodes: unknown[] }>('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids,
    });
    expect(nodes).toHaveLength(1000);
    const many = await gateway.read<object>(
      `{ ${times(100, (index) => `a${index}: customer(id: "Customer:unipay:${(index % 20) + 1}") { id }`)} }`,
    );
    expect(Object.keys(many)).toHaveLength(100);
    await gateway.read('{ customers(first: 200) { nodes { id displayName } } }');
  });
});
