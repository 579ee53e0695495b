import { readNodeId } from '../model/ids.ts';

/**
 * Names of what replicas agree on, at the vendor account behind an account of ours: gateways that call it differently are
 * writers of the same records.
 *
 * They outlive releases. During a deployment an old and a new replica must still keep each other out and must not create
 * twice, so nothing of a name follows from the form of our records. Another VERSION divides the replicas: it needs all of
 * them stopped for as long as idempotency keys are remembered.
 */
const VERSION = 1;

/** Who changes this record. `identity` is the vendor account's. */
export function writerLock(identity: string, recordId: string): string {
  return `billgraph:${VERSION}:{${identity}}:writer:${nameRecord(recordId)}`;
}

/** Which create has made this record. */
export function createdRecord(identity: string, recordId: string): string {
  return `billgraph:${VERSION}:{${identity}}:created:${nameRecord(recordId)}`;
}

function nameRecord(recordId: string): string {
  const key = readNodeId(recordId);
  return `${key.type}:${key.type === 'Customer' ? key.vendorId : `${key.customerVendorId}:${key.vendorId}`}`;
}

/** Whose request has an idempotency key. `key` stands for the operation and the client's own text. */
export function idempotencyRecord(tenant: string, identity: string, key: string): string {
  return `billgraph:${VERSION}:{${tenant}:${identity}}:idempotency:${key}`;
}
