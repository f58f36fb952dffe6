/** A request for a certificate (PKCS #10, RFC 2986), in DER, for the names, signed with the key. */
import { signingKeys } from './make-key.ts';
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from './x509.ts';

export async function certificateRequest(
  names: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[],
  keyPem: string,
): Promise<Uint8Array> {
  const { publicKey, privateKey, algorithm } = signingKeys(keyPem);
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: { publicKey, privateKey },
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension(names.map(({ type, value }) => ({ type, value })))],
  });
  return new Uint8Array(request.rawData);
}
