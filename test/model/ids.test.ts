import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadUserInput } from '../../src/errors.ts';
import { customerId, readCustomerId, readNodeId, readSubscriptionId, subscriptionId } from '../../src/model/ids.ts';

const part = fc.string({ minLength: 1 }).filter((text) => !text.includes(':'));

describe('a global id', () => {
  it('is read back as what it was written from', () => {
    fc.assert(
      fc.property(part, part, part, (account, customerVendorId, vendorId) => {
        const customer = { account, vendorId };
        expect(readCustomerId(customerId(customer))).toEqual({ type: 'Customer', ...customer });
        const subscription = { account, customerVendorId, vendorId };
        expect(readSubscriptionId(subscriptionId(subscription))).toEqual({
          type: 'BillingSubscription',
          ...subscription,
        });
      }),
    );
  });

  it('is read, or refused with what was expected, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const key = readNodeId(text);
          expect(key.type === 'Customer' ? customerId(key) : subscriptionId(key)).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BadUserInput);
          expect((error as Error).message).toMatch(/^id must be "Customer:<account>:<vendorId>"/);
        }
      }),
    );
  });

  it('of another type is refused, and quoted no further than to be recognised', () => {
    expect(() => readCustomerId('BillingSubscription:unipay:1:2')).toThrow(
      /^a customer's id must be .*; got "BillingSubscription:unipay:1:2"$/,
    );
    expect(() => readSubscriptionId('Customer:unipay:1')).toThrow(
      /^a subscription's id must be .*; got "Customer:unipay:1"$/,
    );
    expect(() => readNodeId('x'.repeat(5_000))).toThrow(/; got "x{80}…"$/);
  });
});
