/** gzip (RFC 1952), as small as it gets: for what is compressed once and sent often. */
import { gzipSync } from 'node:zlib';

export function gzip(content: string | Uint8Array): Uint8Array {
  return gzipSync(content, { level: 9 });
}
