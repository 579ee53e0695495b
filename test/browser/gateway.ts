import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';

/** A gateway in front of simulated vendors, as `npm start` runs it, on a free port. */
export function startSimulatedGateway(environment: Readonly<Record<string, string>> = {}): Promise<Gateway> {
  const config = readConfig({ PORT: '0', SIMULATORS: 'on', SIMULATOR_CUSTOMERS: '50', ...environment });
  return startGateway(config, pino({ level: 'silent' }));
}
