/**
 * The extension that keeps an authority to some names (RFC 5280, section 4.2.1.10): permitted DNS
 * subtrees, and no IP addresses, which a constraint on names alone would leave free. Critical.
 */
import { Extension, X509Certificate } from './x509.ts';

const nameConstraints = '2.5.29.30';
const tags = { sequence: 0x30, permitted: 0xa0, excluded: 0xa1, dnsName: 0x82, ipAddress: 0x87 };

export function nameConstraintsExtension(domains: readonly string[]): Extension {
  const subtree = (tag: number, value: Uint8Array): Uint8Array => der(tags.sequence, der(tag, value));
  const permitted = domains.map((domain) => subtree(tags.dnsName, new TextEncoder().encode(domain)));
  // Address and mask, all zero: every IPv4 and every IPv6 address.
  const excluded = [8, 32].map((length) => subtree(tags.ipAddress, new Uint8Array(length)));
  const value = der(tags.sequence, der(tags.permitted, ...permitted), der(tags.excluded, ...excluded));
  return new Extension(nameConstraints, true, new Uint8Array(value));
}

/** The domains that a certificate in PEM is kept to; none where it is free. Other forms are not read. */
export function permittedDomains(pem: string): string[] {
  const extension = new X509Certificate(pem).getExtension(nameConstraints);
  if (extension === null) return [];
  const [constraints] = readDer(new Uint8Array(extension.value));
  const permitted = readDer(constraints?.content).find(({ tag }) => tag === tags.permitted);
  return readDer(permitted?.content)
    .flatMap(({ content }) => readDer(content))
    .filter(({ tag }) => tag === tags.dnsName)
    .map(({ content }) => new TextDecoder().decode(content));
}

interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The values that stand one after another; it ends where the bytes make no sense. */
function readDer(bytes: Uint8Array = new Uint8Array()): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at + 1 < bytes.length; ) {
    const [tag = 0, first = 0] = bytes.subarray(at);
    const extra = first < 0x80 ? 0 : first & 0x7f;
    if (extra > 2) break;
    const length =
      first < 0x80
        ? first
        : bytes.subarray(at + 2, at + 2 + extra).reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + extra;
    values.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x1_00
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), content]);
}
