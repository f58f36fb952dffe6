/**
 * The extensions of a certificate (RFC 5280, section 4.2) by their object identifiers, as DER in lower-case
 * hexadecimal. Only the shell of the certificate is read, which OpenSSL has accepted before; what does not fit
 * is left out.
 */
export function certificateExtensions(der: Uint8Array): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const [certificate] = items(der);
  const [body] = items(certificate?.content ?? nothing);
  // [3] EXPLICIT, the last field of TBSCertificate.
  const field = items(body?.content ?? nothing).find(({ tag }) => tag === 0xa3);
  const [list] = items(field?.content ?? nothing);
  for (const { content } of items(list?.content ?? nothing)) {
    const parts = items(content);
    const [identifier] = parts;
    const value = parts.at(-1);
    if (identifier?.tag === 0x06 && value?.tag === 0x04) {
      found.set(Buffer.from(identifier.content).toString('hex'), Buffer.from(value.content).toString('hex'));
    }
  }
  return found;
}

interface Item {
  readonly tag: number;
  readonly content: Uint8Array;
}

const nothing = new Uint8Array(0);

/** What stands side by side in DER. */
function items(bytes: Uint8Array): Item[] {
  const found: Item[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const [tag = 0, first = 0] = bytes.subarray(at, at + 2);
    const long = first < 0x80 ? 0 : first & 0x7f;
    if (long > 3) break;
    const length =
      long === 0 ? first : bytes.subarray(at + 2, at + 2 + long).reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + long;
    if (start + length > bytes.length) break;
    found.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}
