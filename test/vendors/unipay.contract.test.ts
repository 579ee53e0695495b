import { itIsAVendorAccount } from '../contracts/vendor.contract.ts';
import { connectDeployment, DEPLOYMENTS, describeDeployment, startDeployment } from './unipay/deployments.ts';

/** Puts a word in the place of a number that is read: of the second row where there are several. */
function spoil(body: string): string {
  const name = body.includes('planId') ? 'planId' : 'accountId';
  const numbers = new RegExp(`("${name}":"?|${name}="|<${name}>)\\d+("?)`, 'g');
  const spoilt = Math.min([...body.matchAll(numbers)].length - 1, 1);
  let row = 0;
  return body.replace(numbers, (whole, before: string, after: string) => {
    if (row++ !== spoilt) return whole;
    return before.endsWith(':') ? `${before}"Brielle"` : `${before}Brielle${after}`;
  });
}

for (const deployment of DEPLOYMENTS) {
  itIsAVendorAccount(describeDeployment(deployment), async () => {
    const simulator = await startDeployment(deployment);
    const owner = [...Array(100).keys()].find((id) => simulator.subscriptionIds(id).length === 5) ?? 0;
    return {
      simulator,
      connect: () => connectDeployment(simulator, deployment),
      customerCount: simulator.customerCount,
      owner: { vendorId: String(owner), subscriptionCount: 5 },
      unknownId: '999999999',
      capabilities: [
        ...(['CUSTOMER_CREATE', 'CUSTOMER_UPDATE', 'CUSTOMER_FILTERS', 'SUBSCRIPTION_LIST'] as const),
        ...(['SUBSCRIPTION_FILTERS', 'SUBSCRIPTION_CREATE', 'SUBSCRIPTION_UPDATE'] as const),
        ...(['SUBSCRIPTION_CANCEL', 'SUBSCRIPTION_FREEZE'] as const),
      ],
      limits: { customersPerLoad: 1, rowsPerWindow: 60 },
      spoil,
      secrets: [simulator.settings.password],
    };
  });
}
