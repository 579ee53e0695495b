import { describe, expect, it } from '@jest/globals';
import { idempotencyRecord, writerLock } from '../../src/coordination/names.ts';
import { fingerprintInput, fingerprintKey } from '../../src/writes/fingerprint.ts';

describe('what replicas of all releases must agree on', () => {
  it('is the name of a lock', () => {
    expect(writerLock('identity', 'Customer:billagain:302')).toBe('billgraph:1:{identity}:writer:Customer:302');
    expect(writerLock('identity', 'BillingSubscription:unipay:17:4')).toBe(
      'billgraph:1:{identity}:writer:BillingSubscription:17:4',
    );
  });

  it('is the name of an idempotency key', () => {
    expect(idempotencyRecord('default', 'identity', fingerprintKey('createCustomer', 'my-key'))).toBe(
      'billgraph:1:{default:identity}:idempotency:pIX9q-_A9sZ_OsG-RLT-3_qX4F39AlWETGNRiDLZeEg',
    );
  });

  it('is what stands for an input', () => {
    expect(fingerprintInput('createCustomer', { b: [1, { d: null, c: 'x' }], a: undefined }, 'secret')).toBe(
      '7_i-dyiFwRePjLF7xxxCpbgFTJO83mDyiDIpp-vFmC4',
    );
  });
});

describe('a lock', () => {
  it('is one for gateways that call the vendor account differently', () => {
    expect(writerLock('identity', 'Customer:one:302')).toBe(writerLock('identity', 'Customer:other:302'));
  });

  it('is another for another vendor account of the same name', () => {
    expect(writerLock('other', 'Customer:billagain:302')).not.toBe(writerLock('identity', 'Customer:billagain:302'));
  });
});
