import { parseArgs } from 'node:util';
import { startBillagain } from './billagain/server.ts';
import { CONTROL_PATH } from './control.ts';
import { startUnipay } from './unipay/server.ts';

const USAGE = `npm run simulators -- [options]
  --customers <count>        generated customers at each vendor (1000)
  --billagain-port <port>    4101; 0 takes a free one
  --unipay-port <port>       4102; 0 takes a free one
  --latency-ms <ms>          how long every answer takes (0)
  --profile <profile>        UniPay's: management or billing (management)
  --seed <number>            another seed gives other customers (1)
  --help`;

interface Settings {
  readonly customers: number;
  readonly billagainPort: number;
  readonly unipayPort: number;
  readonly latencyMs: number;
  readonly profile: 'management' | 'billing';
  readonly seed: number;
}

/** What the command line says, or undefined where it asks for help. Throws with everything that is wrong with it. */
function readSettings(args: readonly string[]): Settings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      customers: { type: 'string', default: '1000' },
      'billagain-port': { type: 'string', default: '4101' },
      'unipay-port': { type: 'string', default: '4102' },
      'latency-ms': { type: 'string', default: '0' },
      profile: { type: 'string', default: 'management' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const problems: string[] = [];
  const wholeNumber = (
    name: 'customers' | 'billagain-port' | 'unipay-port' | 'latency-ms' | 'seed',
    highest: number,
  ) => {
    const text = values[name];
    if (!/^\d{1,10}$/.test(text) || Number(text) > highest) {
      problems.push(`--${name} must be a whole number from 0 to ${highest}; got "${text}"`);
    }
    return Number(text);
  };
  const { profile } = values;
  if (profile !== 'management' && profile !== 'billing') {
    problems.push(`--profile must be management or billing; got "${profile}"`);
  }
  const settings = {
    customers: wholeNumber('customers', 10_000_000),
    billagainPort: wholeNumber('billagain-port', 65_535),
    unipayPort: wholeNumber('unipay-port', 65_535),
    latencyMs: wholeNumber('latency-ms', 3_600_000),
    profile: profile === 'billing' ? ('billing' as const) : ('management' as const),
    seed: wholeNumber('seed', 0xffff_ffff),
  };
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return settings;
}

async function run(settings: Settings): Promise<void> {
  const { customers, seed, latencyMs, profile } = settings;
  const billagain = await startBillagain({ port: settings.billagainPort, customers, seed, latencyMs });
  const unipay = await startUnipay({ port: settings.unipayPort, customers, seed, latencyMs, profile }).catch(
    async (error: unknown) => {
      await billagain.close();
      throw error;
    },
  );
  const stop = () => {
    // A second signal ends the process the usual way.
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
    void Promise.all([billagain.close(), unipay.close()]);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);

  const control = (url: string) => new URL(CONTROL_PATH, url).href;
  // The environment that Billgraph reads; credentials that nothing but the simulators accept.
  process.stdout.write(
    `Simulators with ${customers} generated customers each. To use them:
BILLAGAIN_URL=${billagain.url}
BILLAGAIN_ACCOUNT_ID=${billagain.accountId}
BILLAGAIN_API_KEY=${billagain.apiKey}
UNIPAY_URL=${unipay.url}
UNIPAY_USERNAME=${unipay.settings.username}
UNIPAY_PASSWORD=${unipay.settings.password}
UNIPAY_PROFILE=${unipay.settings.profile}
Dials and call logs: ${control(billagain.url)}/dials, /calls and ${control(unipay.url)}/dials, /calls
`,
  );
}

function fail(message: string, exitCode: number): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

let settings: Settings | undefined;
try {
  settings = readSettings(process.argv.slice(2));
  if (settings === undefined) process.stdout.write(`${USAGE}\n`);
} catch (error) {
  fail(`${messageOf(error)}\n\n${USAGE}`, 2);
}
if (settings !== undefined) {
  await run(settings).catch((error: unknown) => fail(`The simulators did not start: ${messageOf(error)}`, 1));
}
