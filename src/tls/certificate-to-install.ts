/** A pair that passed every check, reduced to what Exim needs; or all that is wrong with it. */
import type { Problem } from '../base/problem.ts';
import { fail } from '../base/result.ts';
import { type Certificate, isIssuedBy } from '../host/certificate.ts';
import { readCertificateFile } from '../host/certificate-file.ts';
import { readPrivateKey } from '../host/private-key.ts';
import { checkCertificate } from './certificate-check.ts';
import { missingIssuer } from './missing-issuer.ts';
import type { Pair } from './source/pair.ts';

export interface CertificateToInstall {
  readonly leaf: Certificate;
  readonly chain: readonly Certificate[];
  /** PEM: the chain, leaf first; and the key. */
  readonly certificate: string;
  readonly key: string;
  /** The roots that the proof has to find, in PEM. */
  readonly roots?: readonly string[];
  readonly renewAt?: number;
  readonly warnings: readonly string[];
}

export interface Requirements {
  /** The names that the server is reached by. */
  readonly hostNames: readonly string[];
  /** The authorities that must have issued it, in PEM. */
  readonly roots?: readonly string[] | undefined;
  /** What this machine trusts, in PEM. */
  readonly systemRoots: readonly string[];
  readonly now: number;
}

export type Checked =
  | { readonly ok: true; readonly value: CertificateToInstall }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function checkPair(pair: Pair, { hostNames, roots, systemRoots, now }: Requirements): Checked {
  const chain = readCertificateFile(pair.certificate, 'the certificate');
  if (!chain.ok) return { ok: false, problems: [chain.problem] };
  const key = readPrivateKey(pair.key);
  if (!key.ok) return { ok: false, problems: [key.problem] };
  const wanted = roots ?? pair.roots;
  const trusted = wanted === undefined ? undefined : rootsIn(wanted);
  const missing = trusted === undefined ? missingIssuer(chain.value, rootsIn(systemRoots)) : {};
  const problems = [
    ...checkCertificate({ chain: chain.value, key: key.value, hostNames, now }),
    ...(trusted === undefined ? [] : rootProblems(chain.value, trusted)),
    ...(missing.problem === undefined ? [] : [missing.problem]),
  ];
  const [leaf] = chain.value;
  if (problems.length > 0 || leaf === undefined) return { ok: false, problems };
  return {
    ok: true,
    value: {
      leaf,
      chain: chain.value,
      certificate: chain.value.map(({ pem }) => pem).join(''),
      key: pair.key,
      ...(trusted === undefined ? {} : { roots: trusted.map(({ pem }) => pem) }),
      ...(pair.renewAt === undefined ? {} : { renewAt: pair.renewAt }),
      warnings: missing.warning === undefined ? [] : [missing.warning],
    },
  };
}

function rootsIn(pems: readonly string[]): Certificate[] {
  return pems.flatMap((pem) => {
    const read = readCertificateFile(pem, 'the authorities');
    return read.ok ? read.value : [];
  });
}

function rootProblems(chain: readonly Certificate[], roots: readonly Certificate[]): Problem[] {
  const last = chain.at(-1);
  const leads = roots.some(
    (root) => last !== undefined && (root.fingerprint === last.fingerprint || isIssuedBy(last, root)),
  );
  if (leads) return [];
  const { problem } = fail(
    'configuration',
    `cannot use the certificate: the given authority must have issued its chain: its last issuer is ${last?.issuer ?? 'unknown'}`,
    { hint: 'the file needs every intermediate certificate, in order, leaf first' },
  );
  return [problem];
}
