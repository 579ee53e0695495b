import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UnipaySimulator } from '../../../src/simulators/unipay/server.ts';
import type { VendorAccount } from '../../../src/vendors/vendor.ts';
import { patience } from '../connected.ts';
import { connectDeployment, DEPLOYMENTS, type Deployment, describeDeployment, startDeployment } from './deployments.ts';

/** Other names than the usual for what has no documented name. */
const RENAMED = { xmlRecordName: 'object', listName: 'rows', xmlFailureName: 'failure' };

const [reference, ...others] = DEPLOYMENTS as [Deployment, ...Deployment[]];
const variants = [
  ...others.map((deployment) => ({ name: describeDeployment(deployment), deployment, options: {} })),
  ...DEPLOYMENTS.map((deployment) => ({
    name: `${describeDeployment(deployment)}, other names`,
    deployment,
    options: RENAMED,
  })),
];

interface Everything {
  readonly customers: readonly unknown[];
  readonly loaded: readonly unknown[];
  readonly subscriptions: readonly unknown[];
  readonly single: readonly unknown[];
}

async function readEverything(account: VendorAccount): Promise<Everything> {
  const customers = await account.findCustomers(
    { offset: 0, count: 60 },
    { customFields: false, filter: {} },
    patience(),
  );
  const ids = Array.from({ length: 25 }, (_, index) => String(index + 1));
  const loaded = await Promise.all(
    ids.map(async (id) => (await account.loadCustomers([id], { customFields: true }, patience())).get(id)),
  );
  const subscriptions = await Promise.all(
    ids.map((id) => account.findSubscriptions(id, { offset: 0, count: 60 }, {}, patience())),
  );
  const single = await Promise.all(
    subscriptions.flatMap(({ rows }) =>
      rows.slice(0, 1).map((row) => {
        if (row instanceof Error) throw row;
        return account.loadSubscription(row, patience());
      }),
    ),
  );
  return { customers: customers.rows, loaded, subscriptions, single };
}

describe('the same rows are equal records', () => {
  let expected: Everything;
  const simulators: UnipaySimulator[] = [];

  async function readFrom(deployment: Deployment, options = {}): Promise<Everything> {
    const simulator = await startDeployment(deployment, options);
    simulators.push(simulator);
    const account = connectDeployment(simulator, deployment);
    const everything = await readEverything(account);
    await account.close();
    for (const { path, accept } of simulator.calls.calls) {
      const bySuffix = deployment.formatSelection !== 'accept' && `.${deployment.format}`;
      expect(path.endsWith(bySuffix || '')).toBe(true);
      if (!bySuffix) expect(path).not.toMatch(/\.(json|xml)$/);
      const byHeader = deployment.formatSelection !== 'suffix' ? `application/${deployment.format}` : undefined;
      expect(accept).toBe(byHeader);
    }
    return everything;
  }

  beforeAll(async () => {
    expected = await readFrom(reference);
  });
  afterAll(() => Promise.all(simulators.map((simulator) => simulator.close())));

  it('and there are enough of them', () => {
    expect(expected.customers).toHaveLength(60);
    expect(expected.loaded).not.toContain(undefined);
    expect(expected.single.length).toBeGreaterThan(20);
    expect(expected.single).not.toContain(null);
  });

  it.each(variants)('from $name', async ({ deployment, options }) => {
    expect(await readFrom(deployment, options)).toEqual(expected);
  });
});
