/** The vendors as the two arms written here call them: undici's request, a pool each, nothing else. */
import { Pool } from 'undici';

export interface Vendor {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

/** As many as Billgraph gets (VENDOR_CONCURRENCY in processes.ts). */
export const CONNECTIONS_PER_VENDOR = 128;

export const billagain = connect('BILLAGAIN_URL', 'BILLAGAIN_ACCOUNT_ID', 'BILLAGAIN_API_KEY');
export const unipay = connect('UNIPAY_URL', 'UNIPAY_USERNAME', 'UNIPAY_PASSWORD');

function connect(urlVariable: string, usernameVariable: string, passwordVariable: string): Vendor {
  const url = new URL(requireVariable(urlVariable));
  const pool = new Pool(url.origin, { connections: CONNECTIONS_PER_VENDOR });
  const credentials = `${requireVariable(usernameVariable)}:${requireVariable(passwordVariable)}`;
  const headers = {
    accept: 'application/json',
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
  };

  async function send(method: 'GET' | 'POST', path: string, sent?: unknown): Promise<unknown> {
    const { statusCode, body } = await pool.request({
      method,
      path: url.pathname + path,
      headers: sent === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: sent === undefined ? null : JSON.stringify(sent),
    });
    const answer = await body.json();
    if (statusCode !== 200) throw new Error(`the vendor answered with HTTP ${statusCode}`);
    return answer;
  }

  return { get: (path) => send('GET', path), post: (path, body) => send('POST', path, body) };
}

function requireVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set`);
  return value;
}
