import { registerEnumType } from 'type-graphql';

export const Vendor = { BILLAGAIN: 'BILLAGAIN', UNIPAY: 'UNIPAY' } as const;
export type Vendor = keyof typeof Vendor;

registerEnumType(Vendor, {
  name: 'Vendor',
  description: 'A billing provider whose API stands behind this graph.',
  valuesConfig: {
    BILLAGAIN: { description: 'BillAgain.' },
    UNIPAY: { description: 'UniPay by United Thinkers, under whichever of its brand names it is deployed.' },
  },
});
