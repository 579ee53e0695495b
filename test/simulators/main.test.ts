import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../src/simulators/main.ts', import.meta.url));

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, ...args], { stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, exit, output: () => output };
}

describe('npm run simulators', () => {
  it('starts both vendors, tells how to use them, and stops cleanly on SIGTERM', async () => {
    const { child, exit, output } = run('--billagain-port', '0', '--unipay-port', '0', '--customers', '10');
    while (!output().includes('Dials') && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const setting = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(output())?.[1] ?? '';
    const authorization = `Basic ${Buffer.from(`${setting('BILLAGAIN_ACCOUNT_ID')}:${setting('BILLAGAIN_API_KEY')}`).toString('base64')}`;
    const response = await fetch(`${setting('BILLAGAIN_URL')}/customers`, { headers: { authorization } });
    expect((await response.json()) as unknown[]).toHaveLength(13);
    expect(setting('UNIPAY_URL')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v01$/);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it.each([
    [['--customers', 'many'], /--customers must be a whole number.*got "many"/],
    [['--profile', 'other'], /--profile must be management or billing; got "other"/],
    [['--unipay-port', '70000'], /from 0 to 65535; got "70000"/],
    [['--port', '1'], /'--port'/],
  ])('exits with 2 and a message for %j', async (args, message) => {
    const { exit, output } = run(...args);
    expect(await exit).toBe(2);
    expect(output()).toMatch(message);
    expect(output()).toContain('npm run simulators');
  });
});
