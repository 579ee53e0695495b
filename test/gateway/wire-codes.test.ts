import { describe, expect, it } from '@jest/globals';
import { startTestGateway } from './start-gateway.ts';

describe("A system's code such as ECONNRESET", () => {
  it('is logged and not told to clients', async () => {
    const gateway = await startTestGateway();
    gateway.billagain.dials.set({ drop: 'before' });
    gateway.unipay.dials.set({ truncateBytes: 5 });
    const answer = await gateway.query('{ customers(first: 5) { edges { node { id } } } }');
    expect(JSON.stringify(answer)).toContain('VENDOR_UNAVAILABLE');
    expect(JSON.stringify(answer)).not.toMatch(/ECONN|EPIPE|UND_ERR|HPE_/);
    expect(gateway.logged.join('')).toMatch(/"wireCode":"(?:ECONN|EPIPE|UND_ERR|HPE_)/);
  });
});
