/** A certificate that signs itself: encrypts, and is trusted by whoever is given it, and by nobody else. */
import { ok, type Result } from '../../base/result.ts';
import { issueCertificate } from '../../host/issue-certificate.ts';
import { commonNameOf, subjectNames } from '../subject-name.ts';
import type { Pair } from './pair.ts';
import type { SelfSignedSource } from './source.ts';

const day = 86_400_000;
/** Whoever checks it may have a clock that is a little behind ours. */
const headStartMs = 5 * 60_000;

export async function makeSelfSigned(source: SelfSignedSource, now: number): Promise<Result<Pair>> {
  const names = subjectNames(source.names);
  if (!names.ok) return names;
  const { certificate, key } = await issueCertificate({
    commonName: commonNameOf(source.names),
    names: names.value,
    authority: false,
    keyType: source.keyType,
    notBefore: now - headStartMs,
    notAfter: now + source.days * day,
  });
  return ok({ certificate, key, roots: [certificate] });
}
