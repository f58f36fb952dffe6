/**
 * A pair from files. Both may lie in one file, beside text and parameters that do not belong on the
 * server; line ends of Windows are harmless. What is no PEM is told by its first bytes.
 */
import { fail, ok, type Result } from '../../base/result.ts';
import { readText } from '../../host/files.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import type { Pair } from './pair.ts';

const largest = 1024 * 1024;

export interface PairFiles {
  readonly cert: string;
  readonly key: string;
  readonly chain?: string | undefined;
}

export async function readPair({ cert, key, chain }: PairFiles): Promise<Result<Pair>> {
  const texts: string[] = [];
  for (const path of chain === undefined ? [cert] : [cert, chain]) {
    const text = await readPem(path, 'certificate');
    if (!text.ok) return text;
    const read = readCertificateFile(text.value, path);
    if (!read.ok) return read;
    texts.push(...read.value.map(({ pem }) => pem));
  }
  const secret = await readPem(key, 'private key');
  if (!secret.ok) return secret;
  const [block] =
    /-----BEGIN ([A-Z ]{0,20}PRIVATE KEY)-----[^]{1,20000}?-----END \1-----/.exec(secret.value) ?? [];
  if (block === undefined) {
    const current = secret.value.includes('CERTIFICATE') ? 'it holds certificates alone' : `${key} has none`;
    return fail('configuration', `cannot read the private key: needs a key in PEM: ${current}`, {
      path: key,
    });
  }
  return ok({ certificate: texts.join(''), key: `${block}\n` });
}

async function readPem(path: string, what: 'certificate' | 'private key'): Promise<Result<string>> {
  const text = await readText(path, largest, 'latin1');
  if (!text.ok) return text;
  if (text.value.trim() === '') {
    return fail('configuration', `cannot read the ${what}: needs a file in PEM: ${path} is empty`, { path });
  }
  // A SEQUENCE of ASN.1: a certificate or key in DER, or both in PKCS #12.
  if (text.value.startsWith('\u0030') && !text.value.includes('-----BEGIN ')) {
    const convert = what === 'certificate' ? 'openssl x509' : 'openssl pkey';
    return fail('configuration', `cannot read the ${what}: needs PEM: ${path} is in DER or PKCS #12`, {
      path,
      hint: `convert it: ${convert} -inform DER -in ${path} -out NEW; or: openssl pkcs12 -in ${path} -nodes -out NEW`,
    });
  }
  return ok(text.value.replaceAll('\r\n', '\n'));
}
