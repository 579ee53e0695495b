import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import type { ExampleOperation } from './example-operations.ts';
import { dataBlock, hashSource, pageHeaders } from './page-security.ts';

interface Asset {
  /** With a hash of its content in it, so that it may be kept for ever. */
  readonly file: string;
  readonly contentType: string;
  readonly text: string;
  readonly zipped: Buffer;
}

const NAMES = ['js', 'css', 'editorWorkerService', 'jsonWorker', 'graphqlWorker'] as const;
type Assets = Readonly<Record<(typeof NAMES)[number], Asset>>;

/** GraphiQL as Yoga bundles it: nine megabytes, so that only a process whose page is opened holds it. */
async function loadAssets(): Promise<Assets> {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql');
  const entries = NAMES.map(async (name) => {
    const text = bundle[name];
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const [extension, contentType] = name === 'css' ? ['css', 'text/css'] : ['js', 'text/javascript'];
    const asset: Asset = {
      file: `${name}-${hash}.${extension}`,
      contentType: `${contentType}; charset=utf-8`,
      text,
      zipped: await promisify(gzip)(text),
    };
    return [name, asset] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Assets;
}

/** Runs in the browser, after the bundle. Paths are relative, so that the page also works below a proxy's path. */
const SCRIPT = `
  const { operations, workers } = JSON.parse(document.getElementById('start').textContent);
  const tabs = operations.map(({ document, variables, headers }) => ({
    query: document,
    variables: JSON.stringify(variables, null, 2),
    headers: JSON.stringify(headers, null, 2),
  }));
  // GraphiQL keeps its tabs, but would open an empty one beside them, and the first of all without its variables.
  const kept = JSON.parse(localStorage.getItem('graphiql:tabState'));
  const open = kept ? kept.tabs[kept.activeTabIndex] : tabs[0];
  self.MonacoEnvironment = { globalAPI: false, getWorker: (_module, label) => new Worker(workers[label]) };
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
    endpoint: 'graphql',
    title: 'Billgraph',
    logo: ' ', // none; left out, it would be Yoga's
    defaultTabs: tabs,
    initialQuery: open?.query,
    initialVariables: open?.variables,
    initialHeaders: open?.headers,
    // Whoever tries a credential should not find it again in the browser's storage, nor customers in the address.
    shouldPersistHeaders: false,
    onEditQuery: () => {},
  });
`;

/** GraphiQL's tabs are left with the offset that they slid in from, and jump away from under the first press of the mouse. */
const STYLE = `
  html, body, #root { margin: 0; height: 100%; }
  .graphiql-tab { transform: none !important; }
`;

const PAGE_HEADERS = pageHeaders({
  'script-src': ["'self'", hashSource(SCRIPT)],
  'worker-src': ["'self'"],
  // Its editor, Monaco, writes style elements and attributes while it runs and can't be given a nonce or a hash for them.
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ['data:'],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
});

/** Workers take the policy that they are served with: they may not load anything. */
const ASSET_HEADERS = {
  ...pageHeaders({}),
  'cache-control': 'public, max-age=31536000, immutable',
  vary: 'Origin, Accept-Encoding',
};

function printPage({ js, css, ...workers }: Assets, operations: readonly ExampleOperation[]): string {
  const path = ({ file }: Asset) => `graphiql/${file}`;
  const workerPaths = {
    editorWorkerService: path(workers.editorWorkerService),
    json: path(workers.jsonWorker),
    graphql: path(workers.graphqlWorker),
  };
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Billgraph · GraphiQL</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${path(css)}">
  <style>${STYLE}</style>
</head>
<body>
  <div id="root"></div>
  <noscript>GraphiQL needs JavaScript.</noscript>
  ${dataBlock('start', { operations, workers: workerPaths })}
  <script src="${path(js)}"></script>
  <script>${SCRIPT}</script>
</body>
</html>
`;
}

/** GraphiQL at /graphiql, from this process alone, for networks that can't reach Apollo's Sandbox. */
export function serveGraphiql(http: FastifyInstance, operations: () => readonly ExampleOperation[]): void {
  let loading: Promise<Assets> | undefined;
  const load = () => {
    loading ??= loadAssets();
    return loading;
  };
  http.get('/graphiql', async (_request, reply) => {
    const page = printPage(await load(), operations());
    return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(page);
  });
  http.get<{ Params: { file: string } }>('/graphiql/:file', async (request, reply) => {
    const asset = Object.values(await load()).find(({ file }) => file === request.params.file);
    if (!asset) return reply.callNotFound();
    reply.headers(ASSET_HEADERS).type(asset.contentType);
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(asset.text);
    return reply.header('content-encoding', 'gzip').send(asset.zipped);
  });
}
