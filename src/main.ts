import './node-version.ts';
// type-graphql's decorators want it before any record class is loaded.
import 'reflect-metadata';
import { InvalidConfig, readConfig } from './config.ts';
import { startGateway } from './gateway.ts';
import { createLog } from './telemetry/log.ts';

/** For the log to be written. */
const EXIT_DELAY_MS = 500;

try {
  const config = readConfig();
  const log = createLog(config.log.level);
  const gateway = await startGateway(config, log, createLog('info'));
  log.info({ url: `${gateway.url}/graphql` }, 'serving');
  if (config.simulators) {
    log.warn('NO REAL ACCOUNT: both vendors are simulated, and every customer is made up');
  }

  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      log.info({ signal }, 'stopping');
      gateway
        .stop()
        .then(
          () => log.info('stopped'),
          (error: Error) => {
            log.error({ reason: error.message }, 'could not stop cleanly');
            process.exitCode = 1;
          },
        )
        // What could not be let go of, such as a connection, would keep the process alive.
        .finally(() => setTimeout(() => process.exit(), EXIT_DELAY_MS).unref());
    });
  }
} catch (error) {
  if (!(error instanceof InvalidConfig)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
