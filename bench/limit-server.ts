/** What Node can do at the most with the same work: no GraphQL, each operation by its name, by hand. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { customFieldsOf, readCustomers, readPage, readSubscriptions } from './reads.ts';
import { type BillagainCustomer, type Customer, fromBillagain } from './records.ts';
import { billagain } from './vendors.ts';

type Answer = (variables: Record<string, unknown>) => Promise<object>;

const answers: Readonly<Record<string, Answer>> = {
  async Q1({ id }) {
    const [customer] = await readCustomers([vendorIdOf(id)]);
    if (!customer) return { customer: null };
    const { reference, kind, displayName, email, phone, status, createdAt } = customer;
    return { customer: { id, reference, kind, displayName, email, phone, status, createdAt } };
  },
  async Q2({ accounts, after }) {
    const nodes = await readPage(String(accounts), 100, Number(after));
    return { customers: { nodes: nodes.map(({ account, vendorId, ...customer }) => customer) } };
  },
  async Q3({ accounts, after }) {
    const rows = await readWithCustomFields(String(accounts), Number(after));
    const nodes = await Promise.all(
      rows.map(async ({ customer, customFields }) => {
        const { id, displayName, email } = customer;
        return { id, displayName, email, customFields, subscriptions: { nodes: await readSubscriptions(customer, 3) } };
      }),
    );
    return { customers: { nodes } };
  },
  async Q4(variables) {
    const customers = await readCustomers(Object.values(variables).map(vendorIdOf));
    return Object.fromEntries(
      customers.map((customer, index) => {
        if (customer === null) return [`c${index}`, null];
        const { id, displayName, email, status } = customer;
        return [`c${index}`, { id, displayName, email, status }];
      }),
    );
  },
  async Walk({ after }) {
    return { customers: { pageInfo: { endCursor: String(Number(after) + 100) } } };
  },
  async Q5() {
    return { __typename: 'Query' };
  },
};

async function readWithCustomFields(account: string, offset: number) {
  if (account === 'unipay') {
    return (await readPage(account, 100, offset)).map((customer: Customer) => ({ customer, customFields: [] }));
  }
  const path = `/customers/with_customfields?page=${offset / 100 + 1}&page_size=100`;
  const rows = (await billagain.get(path)) as BillagainCustomer[];
  return rows.map((row) => ({ customer: fromBillagain(row), customFields: customFieldsOf(row) }));
}

function vendorIdOf(id: unknown): string {
  return String(id).slice('Customer:billagain:'.length);
}

async function answer(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
    query: string;
    variables: Record<string, unknown>;
  };
  const name = /^query (\w+)/.exec(query)?.[1] ?? 'Q5';
  const found = answers[name];
  if (found === undefined) throw new Error(`${name} is not answered here`);
  return JSON.stringify({ data: await found(variables) });
}

const server = createServer((request, response) => {
  answer(request).then(
    (body) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    },
    (error: unknown) => {
      response.writeHead(500);
      response.end(String(error));
    },
  );
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/` })}\n`);
});
