/**
 * When a certificate has to be renewed: when its authority says so (RFC 9773), else when two thirds of its life are over,
 * else so long before its end as asked for.
 */
import type { Certificate } from '../host/certificate.ts';

export interface DueRequest {
  readonly now: number;
  /** What the authority has asked for. */
  readonly renewAt?: number | undefined;
  /** Due so many milliseconds before the end. */
  readonly beforeMs?: number | undefined;
}

export function dueAt(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  { renewAt, beforeMs }: Omit<DueRequest, 'now'>,
): number {
  if (beforeMs !== undefined) return notAfter - beforeMs;
  return renewAt ?? notBefore + ((notAfter - notBefore) * 2) / 3;
}

export function isDue(
  certificate: Pick<Certificate, 'notBefore' | 'notAfter'>,
  request: DueRequest,
): boolean {
  return dueAt(certificate, request) <= request.now;
}
