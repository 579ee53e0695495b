import { startBillagain } from '../../src/simulators/billagain/server.ts';
import { itIsAVendorAccount } from '../contracts/vendor.contract.ts';
import { connect } from './connected.ts';

itIsAVendorAccount('BillAgain', async () => {
  const simulator = await startBillagain({ customers: 407 });
  const credentials = { username: simulator.accountId, password: simulator.apiKey };
  return {
    simulator,
    connect: () => connect(simulator, { vendor: 'BILLAGAIN', credentials }),
    customerCount: simulator.customerCount,
    owner: { vendorId: '302', subscriptionCount: simulator.subscriptionsOf(302).length },
    unknownId: '999999999',
    capabilities: [
      ...([
        'CUSTOM_FIELDS',
        'CUSTOMER_BATCH',
        'SUBSCRIPTION_LIST',
        'SUBSCRIPTION_CREATE',
        'SUBSCRIPTION_CANCEL',
      ] as const),
      ...(['CUSTOMER_CREATE', 'CUSTOMER_UPDATE', 'CUSTOMER_DELETE', 'CUSTOMER_ARCHIVE', 'CUSTOMER_REOPEN'] as const),
    ],
    limits: { customersPerLoad: 200, rowsPerWindow: 200 },
    spoil: (body) => {
      const rows = JSON.parse(body);
      Object.assign(rows[1] ?? rows, { ActiveSubs: 'Brielle', EndDate: 'Brielle' });
      return JSON.stringify(rows);
    },
    secrets: [simulator.apiKey],
  };
});
