import type { ApolloServerPlugin } from '@apollo/server';
import type { ExampleOperation } from './example-operations.ts';
import { dataBlock, hashSource, pageHeaders } from './page-security.ts';

/** Apollo's: the script that embeds Sandbox, at the version that Apollo Server's own landing page takes, and what it embeds. */
const SANDBOX_SCRIPT_ORIGIN = 'https://embeddable-sandbox.cdn.apollographql.com';
const SANDBOX_SCRIPT = `${SANDBOX_SCRIPT_ORIGIN}/v2/embeddable-sandbox.umd.production.min.js`;
const SANDBOX_FRAME_ORIGIN = 'https://sandbox.embed.apollographql.com';

/** A blocked network often says nothing at all; Sandbox greets the page within a second or two. */
const SANDBOX_PATIENCE_MS = 10_000;

const STYLE = `
  :root { color-scheme: light dark; --ink: #1b2240; --quiet: #5a6270; --paper: #fff; --bar: #f4f5f7; --line: #dfe1e6; --accent: #2c50d6; --on-accent: #fff; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e8eaf0; --quiet: #a0a8b8; --paper: #15191f; --bar: #1e232b; --line: #333a46; --accent: #9db2ff; --on-accent: #10142a; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; height: 100dvh; display: flex; flex-direction: column; color: var(--ink); background: var(--paper); font: 15px/1.5 system-ui, sans-serif; }
  header { display: flex; align-items: center; gap: 16px; padding: 8px 16px; background: var(--bar); border-bottom: 1px solid var(--line); white-space: nowrap; flex: none; }
  h1 { margin: 0; font-size: 16px; }
  nav { display: flex; gap: 4px; min-width: 0; overflow-x: auto; scrollbar-width: none; }
  header > a { margin-left: auto; }
  a { color: var(--accent); }
  header a { padding: 3px 10px; border-radius: 6px; text-decoration: none; font-size: 14px; }
  header a:hover { text-decoration: underline; }
  header a[aria-current] { background: var(--accent); color: var(--on-accent); }
  main { position: relative; flex: 1; min-height: 0; }
  #sandbox, #sandbox iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
  #offline { position: absolute; inset: 0; overflow: auto; padding: 12vh 24px 24px; background: var(--paper); }
  #offline > * { max-width: 560px; margin: 0 auto 16px; }
  h2 { font-size: 22px; line-height: 1.3; }
  #offline p { color: var(--quiet); }
  .button { display: inline-block; padding: 9px 18px; border-radius: 8px; background: var(--accent); color: var(--on-accent); text-decoration: none; font-weight: 600; }
  code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
  [hidden] { display: none; }
`;

/** Runs in the browser. Links are relative, so that the page also works below a proxy's path. */
const SCRIPT = `
  const operations = JSON.parse(document.getElementById('operations').textContent);
  const chosen = new URLSearchParams(location.search).get('operation');
  const operation = operations.find(({ name }) => name === chosen) ?? operations[0];
  const nav = document.querySelector('nav');
  for (const { name, title } of operations) {
    const link = document.createElement('a');
    link.href = '?operation=' + encodeURIComponent(name);
    link.textContent = title;
    if (name === operation.name) link.setAttribute('aria-current', 'page');
    nav.append(link);
  }

  const offline = document.getElementById('offline');
  const tellOffline = () => { offline.hidden = false; nav.hidden = true; };
  const patience = setTimeout(tellOffline, ${SANDBOX_PATIENCE_MS});
  addEventListener('message', ({ origin }) => {
    if (origin !== '${SANDBOX_FRAME_ORIGIN}') return;
    clearTimeout(patience);
    offline.hidden = true;
    nav.hidden = false;
  });

  const script = document.createElement('script');
  script.src = '${SANDBOX_SCRIPT}';
  script.onerror = tellOffline;
  script.onload = () => new EmbeddedSandbox({
    target: '#sandbox',
    initialEndpoint: location.origin + location.pathname,
    endpointIsEditable: false,
    initialState: {
      document: operation?.document,
      variables: operation?.variables,
      headers: operation?.headers,
      includeCookies: false,
      pollForSchemaUpdates: false,
    },
    hideCookieToggle: true,
    runTelemetry: false,
    allowDynamicStyles: false,
  });
  document.head.append(script);
`;

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%232c50d6'/%3E%3Cpath d='M4 5h8M4 8h8M4 11h5' stroke='%23fff' stroke-width='1.6' stroke-linecap='round'/%3E%3C/svg%3E";

function printPage(operations: readonly ExampleOperation[]): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Billgraph</title>
  <link rel="icon" href="${ICON}">
  <style>${STYLE}</style>
</head>
<body>
  <header>
    <h1>Billgraph</h1>
    <nav aria-label="Example operations"></nav>
    <a href="graphiql" title="An editor that needs no internet">GraphiQL</a>
  </header>
  <main>
    <div id="sandbox"></div>
    <section id="offline" hidden>
      <h2>Apollo Sandbox can’t be reached</h2>
      <p>It comes from Apollo’s servers, which don’t answer this browser:</p>
      <p><code>${SANDBOX_SCRIPT_ORIGIN}</code><br><code>${SANDBOX_FRAME_ORIGIN}</code></p>
      <p>Billgraph itself is fine. It brings an editor that needs no internet, with the same example operations.</p>
      <p><a class="button" href="graphiql">Open GraphiQL</a></p>
    </section>
    <noscript>Apollo Sandbox needs JavaScript; so does <a href="graphiql">GraphiQL</a>.</noscript>
  </main>
  ${dataBlock('operations', operations)}
  <script>${SCRIPT}</script>
</body>
</html>
`;
}

/** For the answer that {@link createLandingPage} gives. */
export const LANDING_PAGE_HEADERS = pageHeaders({
  'script-src': [hashSource(SCRIPT), SANDBOX_SCRIPT_ORIGIN],
  'style-src': [hashSource(STYLE)],
  'img-src': ['data:'],
  // The embedded frame hands each operation to the page, which sends it.
  'connect-src': ["'self'"],
  'frame-src': [SANDBOX_FRAME_ORIGIN],
});

/**
 * Apollo Sandbox for a browser that opens /graphql. Apollo's own landing page takes a single example, and knows no way on
 * for a network that it can't be loaded in.
 */
export function createLandingPage(operations: () => readonly ExampleOperation[]): ApolloServerPlugin {
  return {
    async serverWillStart() {
      return {
        async renderLandingPage() {
          return { html: async () => printPage(operations()) };
        },
      };
    },
  };
}
