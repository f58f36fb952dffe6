/**
 * The certificate authorities that this system trusts, as one PEM text, for a single handshake: OpenSSL reads it as it
 * is. Node's own list of them is made by parsing and writing each one, which takes longer than the handshake.
 */
import { readFileSync } from 'node:fs';
import { systemRoots } from './system-roots.ts';

/** Where Debian's ca-certificates puts it; SSL_CERT_FILE is what OpenSSL goes by (openssl-env(7)). */
const places = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

export function systemRootBundle(): readonly string[] {
  for (const path of [process.env['SSL_CERT_FILE'] ?? '', ...places]) {
    try {
      const text = readFileSync(path, 'latin1');
      if (text.includes('-----BEGIN CERTIFICATE-----')) return [text];
    } catch {
      continue; // Another place, or none.
    }
  }
  return systemRoots();
}
