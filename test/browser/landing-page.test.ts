import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Gateway } from '../../src/gateway.ts';
import { openTab, startChromium, type Visit } from './chromium.ts';
import { startSimulatedGateway } from './gateway.ts';

const SCRIPTS = 'https://embeddable-sandbox.cdn.apollographql.com';
const FRAMES = 'https://sandbox.embed.apollographql.com';

let gateway: Gateway;
let browser: Browser;
beforeAll(async () => {
  [gateway, browser] = await Promise.all([startSimulatedGateway(), startChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** Stands in for Apollo's servers: it embeds a frame, which greets the page, and asks the gateway once. */
const SANDBOX = `
  globalThis.EmbeddedSandbox = class {
    constructor(options) {
      globalThis.sandboxOptions = options;
      const frame = document.createElement('iframe');
      frame.src = '${FRAMES}/sandbox/explorer';
      document.querySelector(options.target).append(frame);
      const { document: query, variables, headers } = options.initialState;
      globalThis.sandboxAnswer = fetch(options.initialEndpoint, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      }).then((response) => response.json());
    }
  };
`;
const FRAME = '<h1>Sandbox</h1><script>parent.postMessage({ name: "Hello" }, "*")</script>';

async function openWithSandbox(path: string): Promise<Visit> {
  const visit = await openTab(browser);
  await visit.page.route(`${SCRIPTS}/**`, (route) => route.fulfill({ contentType: 'text/javascript', body: SANDBOX }));
  await visit.page.route(`${FRAMES}/**`, (route) => route.fulfill({ contentType: 'text/html', body: FRAME }));
  await visit.page.goto(`${gateway.url}${path}`);
  await visit.page.frameLocator('iframe').getByText('Sandbox').waitFor();
  return visit;
}

function currentExample(page: Page): Promise<string | null> {
  return page.locator('nav [aria-current]').textContent();
}

describe('the page at /graphql', () => {
  it('embeds Sandbox with an example that runs, under its policy, without a complaint', async () => {
    const { page, requests, complaints, violations } = await openWithSandbox('/graphql');
    expect(await page.evaluate('sandboxOptions')).toMatchObject({
      initialEndpoint: `${gateway.url}/graphql`,
      initialState: { variables: { id: 'Customer:billagain:302' }, headers: { 'x-request-id': 'my-first-request' } },
      runTelemetry: false,
    });
    expect(await page.evaluate('sandboxAnswer')).toMatchObject({
      data: { customer: { displayName: 'Brielle Barnett' } },
    });
    expect(await page.getByText('can’t be reached').isVisible()).toBe(false);
    expect(new Set(requests.filter(({ protocol }) => protocol !== 'data:').map(({ origin }) => origin))).toEqual(
      new Set([gateway.url, SCRIPTS, FRAMES]),
    );
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('offers each example at an address of its own', async () => {
    const { page } = await openWithSandbox('/graphql');
    expect(await page.locator('nav a').allTextContents()).toEqual([
      'Look across vendors',
      'Custom fields',
      'Subscriptions due',
      'Create a customer, once',
      'Dry run',
    ]);
    expect(await currentExample(page)).toBe('Look across vendors');
    await page.getByRole('link', { name: 'Dry run' }).click();
    await page.waitForURL(`${gateway.url}/graphql?operation=DryRun`);
    await page.frameLocator('iframe').getByText('Sandbox').waitFor();
    expect(await currentExample(page)).toBe('Dry run');
    expect(await page.evaluate('sandboxAnswer')).toMatchObject({ data: { createCustomer: { userErrors: [] } } });
  });

  it('says where Sandbox can not be reached, and leads to GraphiQL', async () => {
    const { page, complaints, violations } = await openTab(browser);
    await page.goto(`${gateway.url}/graphql`);
    await page.getByText('Apollo Sandbox can’t be reached').waitFor();
    expect(await violations()).toEqual([]);
    // Chromium's own, about the host that it didn't find.
    expect(complaints.filter((complaint) => !complaint.includes(SCRIPTS))).toEqual([]);
    await page.getByRole('link', { name: 'Open GraphiQL' }).click();
    await page.waitForURL(`${gateway.url}/graphiql`);
    await page.getByRole('button', { name: /execute query/i }).waitFor();
  });

  it('says so as well where the script comes and its frame never greets', async () => {
    const { page } = await openTab(browser);
    await page.clock.install();
    await page.route(`${SCRIPTS}/**`, (route) => route.fulfill({ contentType: 'text/javascript', body: SANDBOX }));
    await page.goto(`${gateway.url}/graphql`);
    await page.clock.fastForward('01:00');
    await page.getByText('Apollo Sandbox can’t be reached').waitFor();
  });
});
