import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Gateway } from '../../src/gateway.ts';
import { openTab, startChromium, type Visit } from './chromium.ts';
import { startSimulatedGateway } from './gateway.ts';

let gateway: Gateway;
let browser: Browser;
beforeAll(async () => {
  [gateway, browser] = await Promise.all([startSimulatedGateway(), startChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** With the schema read and the editors there; before that, a tab that is chosen is not kept. */
async function openGraphiql(): Promise<Visit> {
  const visit = await openTab(browser, { viewport: { width: 1400, height: 900 } });
  const introspection = visit.page.waitForResponse(
    (response) => response.request().postData()?.includes('__schema') ?? false,
  );
  await visit.page.goto(`${gateway.url}/graphiql`);
  expect(await (await introspection).json()).toMatchObject({ data: { __schema: { queryType: { name: 'Query' } } } });
  await expectText(visit.page, '.graphiql-query-editor', 'LookAcrossVendors');
  await expectText(visit.page, '.graphiql-editor-tool', 'Customer:billagain:302');
  return visit;
}

async function run(page: Page, operation: string): Promise<void> {
  await page.getByRole('button', { name: operation, exact: true }).click();
  await expectText(page, '.graphiql-query-editor', operation);
  // It still takes the operation before for the one to run until it has stored the change.
  while ((await openOperation(page)) !== operation) await sleep(20);
  await page.getByRole('button', { name: /execute query/i }).click();
}

/** Not waitForFunction, which evaluates text in the page: the policy refuses that. */
function openOperation(page: Page): Promise<string | undefined> {
  return page.evaluate(`(() => {
    const stored = JSON.parse(localStorage.getItem('graphiql:tabState'));
    return stored?.tabs[stored.activeTabIndex].operationName;
  })()`);
}

function expectResult(page: Page, text: string): Promise<void> {
  return expectText(page, '.graphiql-response', text);
}

/** Monaco draws the lines that are in sight. */
async function expectText(page: Page, editor: string, text: string): Promise<void> {
  await page.locator(`${editor} .view-line`).filter({ hasText: text }).first().waitFor();
}

describe('GraphiQL', () => {
  it('comes from the gateway alone, under its policy, without a complaint', async () => {
    const { page, requests, complaints, violations } = await openGraphiql();
    await run(page, 'LookAcrossVendors');
    await expectResult(page, 'CUSTOMER_CREATE');
    expect([...new Set(requests.filter(({ protocol }) => protocol !== 'data:').map(({ origin }) => origin))]).toEqual([
      gateway.url,
    ]);
    expect(requests.map(({ pathname }) => pathname)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('editorWorkerService-'),
        expect.stringContaining('jsonWorker-'),
        expect.stringContaining('graphqlWorker-'),
      ]),
    );
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('has a tab for each example, with its variables and headers', async () => {
    const { page } = await openGraphiql();
    for (const name of ['LookAcrossVendors', 'CustomFields', 'SubscriptionsDue', 'CreateCustomer', 'DryRun']) {
      await page.getByRole('tab').getByRole('button', { name, exact: true }).waitFor();
    }
    const sent = page.waitForRequest((request) => request.postData()?.includes('query CustomFields') ?? false);
    await run(page, 'CustomFields');
    await expectResult(page, 'What languages are you fluent in?');
    const request = await sent;
    expect(request.postDataJSON()).toMatchObject({ variables: { id: 'Customer:billagain:302' } });
    expect(request.headers()).toMatchObject({ 'x-request-id': 'my-first-request' });
  });

  it('runs a mutation with variables', async () => {
    const { page, complaints } = await openGraphiql();
    await run(page, 'CreateCustomer');
    await expectResult(page, 'ada@example.com');
    expect(complaints).toEqual([]);
  });

  it('shows the documentation of the schema', async () => {
    const { page, complaints } = await openGraphiql();
    await page.getByRole('button', { name: /show documentation explorer/i }).click();
    await page.locator('.graphiql-doc-explorer').getByRole('link', { name: 'Query', exact: true }).click();
    await page.getByText('Every configured account, in its configured order.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('marks a field that the schema does not have', async () => {
    const { page } = await openGraphiql();
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{ nothing ');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
  });

  it('finds its tabs again after a reload', async () => {
    const { page } = await openGraphiql();
    await run(page, 'CustomFields');
    await expectResult(page, 'What languages are you fluent in?');
    await page.reload();
    await page.getByRole('button', { name: /execute query/i }).click();
    await expectResult(page, 'What languages are you fluent in?');
    expect(await page.getByRole('tab').count()).toBe(5);
  });

  it('keeps no header and no query where others may read them', async () => {
    const { page } = await openGraphiql();
    await run(page, 'CustomFields');
    await expectResult(page, 'What languages are you fluent in?');
    expect(page.url()).toBe(`${gateway.url}/graphiql`);
    expect(JSON.stringify(await page.evaluate('({ ...localStorage })'))).not.toContain('my-first-request');
  });
});
