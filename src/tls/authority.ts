/**
 * A private certificate authority: a folder with `ca.crt` and `ca.key`. Mail servers of one's own trust
 * its root; the world does not.
 */
import { parseAddress } from '../base/address.ts';
import { type Failed, fail, ok, type Result } from '../base/result.ts';
import { readCertificate } from '../host/certificate.ts';
import { alreadyThere, createFile } from '../host/create-file.ts';
import { exists, makeFolder, readText } from '../host/files.ts';
import { issueCertificate, type Issued, type Issuer } from '../host/issue-certificate.ts';
import { readPrivateKey } from '../host/private-key.ts';
import { isHostName } from './target.ts';

const day = 86_400_000;
const rootMs = 3650 * day;
const leafMs = 90 * day;
/** Whoever checks it may have a clock that is a little behind ours. */
const headStartMs = 5 * 60_000;

export interface Written {
  readonly certificate: string;
  readonly key: string;
  readonly notAfter: number;
}

export async function initAuthority(
  folder: string,
  commonName: string,
  now: number,
): Promise<Result<Written>> {
  const made = await makeFolder(folder, 0o700);
  if (!made.ok) return made;
  const notAfter = now + rootMs;
  const issued = await issueCertificate({
    commonName,
    names: [],
    authority: true,
    notBefore: now - headStartMs,
    notAfter,
  });
  return await write(folder, 'ca', issued, notAfter);
}

export async function issueLeaf(
  folder: string,
  names: readonly string[],
  out: string,
  now: number,
): Promise<Result<Written>> {
  const [first = '', ...others] = names;
  const wanted: { type: 'dns' | 'ip'; value: string }[] = [];
  for (const name of [first, ...others]) {
    const read = subjectName(name);
    if (!read.ok) return read;
    wanted.push(read.value);
  }
  const issuer = await readAuthority(folder);
  if (!issuer.ok) return issuer;
  const made = await makeFolder(out, 0o700);
  if (!made.ok) return made;
  const notAfter = Math.min(now + leafMs, issuer.value.notAfter);
  const issued = await issueCertificate(
    {
      // A common name holds 64 characters (RFC 5280, appendix A), a host name up to 253.
      commonName: first.length <= 64 ? first : '',
      names: wanted,
      authority: false,
      notBefore: now - headStartMs,
      notAfter,
    },
    issuer.value,
  );
  return await write(out, first.replace('*', '_').replaceAll(':', '-'), issued, notAfter);
}

function subjectName(name: string): Result<{ type: 'dns' | 'ip'; value: string }> {
  const address = parseAddress(name);
  if (address !== undefined) return ok({ type: 'ip', value: address });
  const host = name.replace(/^\*\./, '');
  return isHostName(host) && host.includes('.')
    ? ok({ type: 'dns', value: name.toLowerCase().replace(/\.$/, '') })
    : fail(
        'usage',
        `cannot issue a certificate: needs a full host name or an address: ${JSON.stringify(name)}`,
      );
}

async function readAuthority(folder: string): Promise<Result<Issuer & { readonly notAfter: number }>> {
  const certificate = await readText(`${folder}/ca.crt`, 65_536);
  if (!certificate.ok) return notThere(certificate);
  const key = await readText(`${folder}/ca.key`, 65_536);
  if (!key.ok) return notThere(key);
  const root = readCertificate(certificate.value);
  if (!root.ok) return root;
  const facts = readPrivateKey(key.value);
  if (!facts.ok) return facts;
  if (facts.value === 'locked' || facts.value.fingerprint !== root.value.key.fingerprint) {
    return fail('configuration', `cannot issue a certificate: ca.key must be the key of ca.crt: it is not`, {
      path: folder,
    });
  }
  return ok({ certificate: certificate.value, key: key.value, notAfter: root.value.notAfter });
}

function notThere({ problem }: Failed): Failed {
  const hint = 'make the authority first: portreeve tls ca init';
  return { ok: false, problem: problem.kind === 'missing' ? { ...problem, hint } : problem };
}

/** The key first: a certificate without its key would be of no use, a key alone harms nobody. */
async function write(
  folder: string,
  name: string,
  issued: Issued,
  notAfter: number,
): Promise<Result<Written>> {
  const written = { certificate: `${folder}/${name}.crt`, key: `${folder}/${name}.key`, notAfter };
  // Found out before a key is left behind.
  if (await exists(written.certificate)) return alreadyThere(written.certificate);
  const key = await createFile(written.key, issued.key, 0o600);
  if (!key.ok) return key;
  const certificate = await createFile(written.certificate, issued.certificate, 0o644);
  return certificate.ok ? ok(written) : certificate;
}
