/**
 * Whether a chain stops short of a root. A certificate of a public authority says where its issuer can be
 * fetched: then the missing one is a fault, because clients do not fetch it. One of a private authority
 * may end at a root that only the clients know: that is worth a warning.
 */
import type { Problem } from '../base/problem.ts';
import { fail } from '../base/result.ts';
import { type Certificate, isIssuedBy } from '../host/certificate.ts';

export function missingIssuer(
  chain: readonly Certificate[],
  roots: readonly Certificate[],
): { readonly problem?: Problem; readonly warning?: string } {
  const last = chain.at(-1);
  if (last === undefined) return {};
  if (last.selfSigned) {
    const known = chain.length === 1 || roots.some(({ fingerprint }) => fingerprint === last.fingerprint);
    return known
      ? {}
      : { warning: `the chain ends at ${last.subject}, a root that this machine does not trust` };
  }
  const named = roots.filter(({ subject }) => subject === last.issuer);
  if (named.some((root) => isIssuedBy(last, root))) return {};
  if (last.issuerUrl === undefined) {
    return {
      warning: `the chain ends at ${last.issuer}, which this machine does not know: clients need that root`,
    };
  }
  return {
    problem: fail(
      'configuration',
      `cannot use the certificate: the chain must lead to a root: the certificate of ${last.issuer} is missing`,
      { hint: `add it to the file after the others; its authority has it at ${last.issuerUrl}` },
    ).problem,
  };
}
