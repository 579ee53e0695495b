import { existsSync } from 'node:fs';

/** The routers have a package of their own, so that the project itself stays light; tests load them only after this. */
export function requireRouters(): void {
  if (existsSync(new URL('./node_modules/@apollo/gateway/package.json', import.meta.url))) return;
  throw new Error(
    'test/supergraph needs packages of its own: run `npm ci --prefix test/supergraph`, or `npm run check`, which does',
  );
}
