/** The certificate that a command is to install: the one that lies there where it still serves, or a new one. */
import type { Problem } from '../base/problem.ts';
import { type Failed, ok, type Result } from '../base/result.ts';
import { debianPlaces } from '../exim/debian-places.ts';
import { readCertificateFile } from '../host/certificate-file.ts';
import { readText } from '../host/files.ts';
import { systemClock } from '../host/clock.ts';
import { isSealed } from '../host/sealed-key.ts';
import { systemRoots } from '../host/system-roots.ts';
import { type CertificateToInstall, checkPair, type Checked } from '../tls/certificate-to-install.ts';
import type { EnabledRecord } from '../tls/enabled-record.ts';
import { isDue } from '../tls/renewal-due.ts';
import { obtainPair } from '../tls/source/obtain-pair.ts';
import { readPair } from '../tls/source/read-pair.ts';
import { isMade, type Source } from '../tls/source/source.ts';
import { type PassphraseOptions, readPassphrase } from './read-passphrase.ts';
import type { Speaker } from './speak.ts';

export interface CertificateRequest {
  readonly source: Source;
  readonly hostNames: readonly string[];
  readonly roots: readonly string[] | undefined;
  readonly now: number;
}

/** Made by somebody who keeps count of it: not for a look at the plan. */
export function isIssued({ kind }: Source): boolean {
  return kind === 'authority' || kind === 'acme';
}

/** The installed one, if it comes from this very source, passes every check, and is not due. */
export async function installedCertificate(
  { source, hostNames, roots, now }: CertificateRequest,
  record: EnabledRecord | undefined,
): Promise<CertificateToInstall | undefined> {
  if (record === undefined || !isMade(source) || !sameSource(record.source, source)) return undefined;
  const { folder } = debianPlaces;
  const pair = await readPair({ cert: `${folder}/exim.crt`, key: `${folder}/exim.key` });
  if (!pair.ok) return undefined;
  const known = await rootsOf(source, pair.value.certificate);
  const checked = checkPair(
    { ...pair.value, ...(known === undefined ? {} : { roots: known }) },
    { hostNames, roots, systemRoots: systemRoots(), now },
  );
  if (!checked.ok) return undefined;
  const renewAt = record.renewAt === undefined ? undefined : Date.parse(record.renewAt);
  return isDue(checked.value.leaf, { now, renewAt }) ? undefined : checked.value;
}

/** What the source itself knows to lead to its certificates. */
export async function rootsOf(source: Source, certificate: string): Promise<string[] | undefined> {
  if (source.kind === 'self-signed') return [certificate];
  if (source.kind !== 'authority') return undefined;
  const root = await readText(`${source.folder}/ca.crt`, 65_536);
  return root.ok ? [root.value] : undefined;
}

function sameSource(a: Source, b: Source): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(source: Source): [string, unknown][] {
  return Object.entries(source).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export async function newCertificate(
  speak: Speaker,
  { source, hostNames, roots }: CertificateRequest,
  options: PassphraseOptions,
): Promise<Checked> {
  const passphrase = await authorityPassphrase(source, options);
  if (!passphrase.ok) return { ok: false, problems: [passphrase.problem] };
  const tell = (line: string): void => {
    speak.line(`${speak.style.dim('obtain'.padEnd(8))} ${line}`);
  };
  const { folder } = debianPlaces;
  const inUse = await readPair({ cert: `${folder}/exim.crt`, key: `${folder}/exim.key` });
  const key = inUse.ok ? inUse.value.key : undefined;
  const pair = await obtainPair(source, { clock: systemClock, key, passphrase: passphrase.value, tell });
  if (!pair.ok) return { ok: false, problems: [pair.problem] };
  // It may be younger than the moment that the command began.
  return checkPair(pair.value, { hostNames, roots, systemRoots: systemRoots(), now: systemClock.now() });
}

async function authorityPassphrase(
  source: Source,
  options: PassphraseOptions,
): Promise<Result<string | undefined>> {
  if (source.kind !== 'authority') return ok(undefined);
  const key = await readText(`${source.folder}/ca.key`, 65_536);
  if (!key.ok) {
    const hint = 'make the authority first: portreeve tls ca init';
    return { ok: false, problem: { ...key.problem, hint } };
  }
  return isSealed(key.value)
    ? await readPassphrase(options, { act: 'issue a certificate', twice: false })
    : ok(undefined);
}

/** Everything that is wrong with a certificate is said; the last of it ends the command. */
export function sayAll(speak: Speaker, problems: readonly Problem[]): Failed {
  for (const problem of problems.slice(0, -1)) speak.problem(problem);
  const last = problems.at(-1);
  if (last === undefined) throw new Error('a certificate was refused without a reason');
  return { ok: false, problem: last };
}

export async function readRoots(path: string | undefined): Promise<Result<string[] | undefined>> {
  if (path === undefined) return ok(undefined);
  const text = await readText(path, 1024 * 1024);
  if (!text.ok) return text;
  const roots = readCertificateFile(text.value, path);
  return roots.ok ? ok(roots.value.map(({ pem }) => pem)) : roots;
}
