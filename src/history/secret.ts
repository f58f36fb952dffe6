/**
 * Which files are never recorded in clear: private keys, and files of passwords; by place, name or content.
 *
 * A copy keeps its secret, so editors' and dpkg's spare copies count (`passwd~`, `exim.key.dpkg-old`).
 * Limit: a password within a file of other things (`hide mysql_servers = …`) is not seen.
 */
import type { FolderProfile } from './folder-profile.ts';

const names: readonly RegExp[] = [
  /^(?:passwd|shadow|gshadow|htpasswd|\.htpasswd|sasldb2|sasl_passwd)(?:$|[.~_-])/i,
  /\.(?:key|passwd|htpasswd|p12|pfx|jks|keytab|secret)(?:$|[.~_-])/i,
  /^(?:privkey|private|secret)[\w.-]*\.(?:pem|der)(?:$|[.~_-])/i,
];

/** Labels of RFC 7468 and kin: PRIVATE KEY, ENCRYPTED PRIVATE KEY, RSA, EC, DSA, OPENSSH, PGP … BLOCK. */
const label = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;

/** `path` relative to the folder, where the folder has a profile. */
export function isSecret(path: string, content: Uint8Array, profile?: FolderProfile): boolean {
  if (profile?.secrets.some((pattern) => pattern.test(path)) === true) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (names.some((pattern) => pattern.test(name))) return true;
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return bytes.includes('PRIVATE KEY') && label.test(bytes.toString('latin1'));
}
