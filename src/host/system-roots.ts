/** The certificate authorities that this system trusts, in PEM. */
import { getCACertificates } from 'node:tls';

/** Where the system has none (no package ca-certificates), those that Node brings. */
export function systemRoots(): readonly string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? system : getCACertificates('bundled');
}
