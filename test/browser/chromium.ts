import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's. */
const EXECUTABLE = '/usr/bin/chromium';

const TIMEOUT_MS = 15_000;

export interface Visit {
  readonly page: Page;
  /** Every address that the page, its frames and its workers asked for, answered or not. */
  readonly requests: readonly URL[];
  /** What the console was told as an error or a warning, and what was thrown and caught by nobody. */
  readonly complaints: readonly string[];
  /** What the content security policy refused. */
  violations(): Promise<readonly string[]>;
}

/** With an empty profile, and no way to any host but this one. */
export function startChromium(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) {
    throw new Error(
      `These tests need ${EXECUTABLE}: \`apt-get install chromium\`, or \`npm run check\`, which installs it`,
    );
  }
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      // Chromium refuses to run as root with its sandbox, and containers run tests as root.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/** A new tab with storage of its own. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // What is missing should fail by its own name, before the test's time is up.
  page.setDefaultTimeout(TIMEOUT_MS);
  const requests: URL[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => requests.push(new URL(request.url())));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  await page.addInitScript({
    content: `
      const violations = (globalThis.policyViolations = []);
      addEventListener('securitypolicyviolation', (event) => {
        violations.push(event.violatedDirective + ' ' + event.blockedURI);
      });
    `,
  });
  return { page, requests, complaints, violations: () => page.evaluate('globalThis.policyViolations') };
}
