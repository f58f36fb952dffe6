/**
 * The certificate and key to install, read from the files that were named, checked, and reduced to what
 * Exim needs: both may lie in one file, beside text and parameters that do not belong on the server.
 */
import type { Problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type Certificate, isIssuedBy } from '../host/certificate.ts';
import { readCertificateFile } from '../host/certificate-file.ts';
import { readText } from '../host/files.ts';
import { readPrivateKey } from '../host/private-key.ts';
import { checkCertificate } from './certificate-check.ts';

export interface CertificateToInstall {
  readonly leaf: Certificate;
  /** PEM: the chain, leaf first; and the key. */
  readonly certificate: string;
  readonly key: string;
  /** The roots of `ca`, in PEM. */
  readonly roots?: readonly string[];
}

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string | undefined;
  readonly hostName: string;
  readonly now: number;
}

const largest = 1024 * 1024;

/** All that is wrong, or what to install. */
export async function readCertificateToInstall(
  files: CertificateFiles,
): Promise<{ ok: true; value: CertificateToInstall } | { ok: false; problems: readonly Problem[] }> {
  const chain = await readChain(files.cert);
  if (!chain.ok) return { ok: false, problems: [chain.problem] };
  const key = await readKey(files.key);
  if (!key.ok) return { ok: false, problems: [key.problem] };
  const roots = files.ca === undefined ? undefined : await readChain(files.ca);
  if (roots?.ok === false) return { ok: false, problems: [roots.problem] };
  const facts = readPrivateKey(key.value);
  if (!facts.ok) return { ok: false, problems: [{ ...facts.problem, path: files.key }] };
  const problems = [
    ...checkCertificate({
      chain: chain.value,
      key: facts.value,
      hostNames: [files.hostName],
      now: files.now,
    }),
    ...(roots === undefined ? [] : rootProblems(chain.value, roots.value)),
  ];
  const [leaf] = chain.value;
  if (problems.length > 0 || leaf === undefined) return { ok: false, problems };
  return {
    ok: true,
    value: {
      leaf,
      certificate: chain.value.map(({ pem }) => pem).join(''),
      key: key.value,
      ...(roots === undefined ? {} : { roots: roots.value.map(({ pem }) => pem) }),
    },
  };
}

async function readChain(path: string): Promise<Result<Certificate[]>> {
  const text = await readText(path, largest);
  return text.ok ? readCertificateFile(text.value, path) : text;
}

/** The first private key of the file, in PEM. */
async function readKey(path: string): Promise<Result<string>> {
  const text = await readText(path, largest);
  if (!text.ok) return text;
  const [block] =
    /-----BEGIN ([A-Z ]{0,20}PRIVATE KEY)-----[^]{1,20000}?-----END \1-----/.exec(text.value) ?? [];
  return block === undefined
    ? fail('configuration', `cannot read the private key: needs a key in PEM: ${path} has none`, { path })
    : ok(`${block}\n`);
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
