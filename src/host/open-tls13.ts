/**
 * Reads what a server of TLS 1.3 has said under encryption, with the secrets that the client's own key log
 * holds (RFC 8446, section 7.3; the log's format is NSS's). Handshake messages come back in clear, those after
 * the handshake (tickets) too.
 */
import { createDecipheriv, createHmac } from 'node:crypto';

export interface EncryptedRecord {
  readonly fragment: Uint8Array;
}

interface Protection {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
}

/** The handshake messages' bytes, in their order; what cannot be decrypted is left out. */
export function openTls13(
  records: readonly EncryptedRecord[],
  secrets: readonly string[],
  suite: string,
): Uint8Array {
  const phases = ['SERVER_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_TRAFFIC_SECRET_0'].flatMap((label) => {
    const line = secrets.find((each) => each.startsWith(`${label} `));
    const secret = line?.split(' ')[2];
    return secret === undefined ? [] : [protection(Buffer.from(secret, 'hex'), suite)];
  });
  const opened: Uint8Array[] = [];
  let phase = 0;
  let sequence = 0;
  for (const { fragment } of records) {
    let content: Buffer | undefined;
    while (content === undefined && phase < phases.length) {
      const keys = phases[phase];
      content = keys === undefined ? undefined : open(fragment, keys, sequence);
      // The key changes after the server's Finished; the first record under the new one shows it.
      if (content === undefined) [phase, sequence] = [phase + 1, 0];
    }
    if (content === undefined) break;
    sequence += 1;
    const end = content.findLastIndex((byte) => byte !== 0);
    if (content[end] === handshake) opened.push(content.subarray(0, end));
  }
  return Buffer.concat(opened);
}

const handshake = 22;
const tagLength = 16;

function protection(secret: Uint8Array, suite: string): Protection {
  const hash = suite.endsWith('SHA384') ? 'sha384' : 'sha256';
  const cipher = suite.includes('CHACHA20')
    ? 'chacha20-poly1305'
    : suite.includes('AES_256')
      ? 'aes-256-gcm'
      : 'aes-128-gcm';
  const length = cipher === 'aes-128-gcm' ? 16 : 32;
  return { key: expand(hash, secret, 'key', length), iv: expand(hash, secret, 'iv', 12), cipher };
}

/** HKDF-Expand-Label for what fits one block of the hash. */
function expand(hash: string, secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0, 1)]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

function open(fragment: Uint8Array, { key, iv, cipher }: Protection, sequence: number): Buffer | undefined {
  if (fragment.length < tagLength) return undefined;
  const nonce = Buffer.from(iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence) >>> 0, 8);
  const header = Buffer.of(23, 3, 3, fragment.length >> 8, fragment.length & 0xff);
  try {
    const decipher = createDecipheriv(cipher as 'aes-128-gcm', key, nonce, { authTagLength: tagLength });
    decipher.setAAD(header);
    decipher.setAuthTag(fragment.subarray(fragment.length - tagLength));
    return Buffer.concat([
      decipher.update(fragment.subarray(0, fragment.length - tagLength)),
      decipher.final(),
    ]);
  } catch {
    return undefined;
  }
}
