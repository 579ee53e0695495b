import { type UnipaySettings, unipayDefaults } from '../../../src/model/account.ts';
import { startUnipay, type UnipayOptions, type UnipaySimulator } from '../../../src/simulators/unipay/server.ts';
import type { VendorAccount } from '../../../src/vendors/vendor.ts';
import { connect } from '../connected.ts';

/** A way that a white-labelled deployment may be: none of these choices is documented. */
export type Deployment = Pick<UnipaySettings, 'profile' | 'format' | 'formatSelection'> &
  Required<Pick<UnipayOptions, 'xmlScalars' | 'jsonList' | 'jsonNumbers'>>;

const [attributes, elements] = [{ xmlScalars: 'attributes' }, { xmlScalars: 'elements' }] as const;
const plain = { xmlScalars: 'attributes', jsonList: 'array', jsonNumbers: 'number' } as const;

/** Each profile, format, way to ask for it and shape, each pair of shape and format at least once. */
export const DEPLOYMENTS: readonly Deployment[] = [
  { profile: 'management', format: 'json', formatSelection: 'both', ...plain },
  { profile: 'management', format: 'json', formatSelection: 'suffix', ...plain, jsonList: 'wrapped' },
  { profile: 'billing', format: 'json', formatSelection: 'accept', ...plain, jsonNumbers: 'string' },
  { profile: 'billing', format: 'json', formatSelection: 'both', ...plain, jsonList: 'wrapped', jsonNumbers: 'string' },
  { profile: 'management', format: 'xml', formatSelection: 'accept', ...plain, ...attributes },
  { profile: 'management', format: 'xml', formatSelection: 'both', ...plain, ...elements },
  { profile: 'billing', format: 'xml', formatSelection: 'both', ...plain, ...attributes },
  { profile: 'billing', format: 'xml', formatSelection: 'suffix', ...plain, ...elements },
];

export function describeDeployment({ profile, format, formatSelection, ...shape }: Deployment): string {
  const shapes = format === 'xml' ? shape.xmlScalars : `${shape.jsonList}, numbers as ${shape.jsonNumbers}`;
  return `UniPay, ${profile} in ${format} (${shapes}) by ${formatSelection}`;
}

/** A deployment that understands only its own way of being asked for a format, and answers the other one by itself. */
export function startDeployment(deployment: Deployment, options: UnipayOptions = {}): Promise<UnipaySimulator> {
  const { profile, format, formatSelection, ...shape } = deployment;
  const defaultFormat = format === 'xml' ? 'json' : 'xml';
  return startUnipay({
    customers: 207,
    today: '2026-02-01',
    profile,
    formatBy: formatSelection,
    defaultFormat,
    ...shape,
    ...options,
  });
}

export function connectDeployment(simulator: UnipaySimulator, deployment: Deployment, pageSize = 60): VendorAccount {
  const { profile, format, formatSelection } = deployment;
  const { username, password } = simulator.settings;
  const unipay: UnipaySettings = { ...unipayDefaults, profile, format, formatSelection, pageSize };
  return connect(simulator, { vendor: 'UNIPAY', credentials: { username, password }, unipay });
}
