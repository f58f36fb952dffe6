/**
 * A private certificate authority: a folder with `ca.crt` to hand out, `ca.key` (sealed by a passphrase
 * unless it was made without), `crl.pem`, and the log of what it has issued. Mail servers of one's own
 * trust its root; the world does not.
 */
import { type Failed, fail, ok, type Result } from '../base/result.ts';
import { type Certificate, readCertificate } from '../host/certificate.ts';
import { alreadyThere, createFile } from '../host/create-file.ts';
import { exists, makeFolder, readText } from '../host/files.ts';
import { issueCertificate, type Issued, type Issuer } from '../host/issue-certificate.ts';
import { issueCrl } from '../host/issue-crl.ts';
import type { RevocationReason } from '../host/revocation-reason.ts';
import type { KeyType } from '../host/key-type.ts';
import { permittedDomains } from '../host/name-constraints.ts';
import { readPrivateKey } from '../host/private-key.ts';
import { replaceFile } from '../host/replace-file.ts';
import { isSealed, openKey, sealKey } from '../host/sealed-key.ts';
import { type IssuedCertificate, noteInLog, readIssued } from './authority-log.ts';
import { commonNameOf, subjectNames } from './subject-name.ts';
import { isWithin } from './within-domain.ts';

const day = 86_400_000;
const rootMs = 3650 * day;
const leafMs = 90 * day;
/** Whoever fetches a list needs a new one before it ends; each issue and revocation makes one. */
const crlMs = 180 * day;
/** Whoever checks it may have a clock that is a little behind ours. */
const headStartMs = 5 * 60_000;

export interface Written {
  readonly certificate: string;
  readonly key: string;
  readonly notAfter: number;
}

export interface AuthorityRequest {
  readonly folder: string;
  readonly commonName: string;
  /** The domains that it may issue for; any without it. */
  readonly permitted: readonly string[];
  readonly keyType: Extract<KeyType, 'p256' | 'p384'>;
  /** Without it the key lies in clear. */
  readonly passphrase: string | undefined;
  readonly now: number;
}

export async function initAuthority(request: AuthorityRequest): Promise<Result<Written>> {
  const { folder, commonName, permitted, keyType, passphrase, now } = request;
  const made = await makeFolder(folder, 0o700);
  if (!made.ok) return made;
  const notAfter = now + rootMs;
  const issued = await issueCertificate({
    commonName,
    names: [],
    authority: true,
    permitted,
    keyType,
    notBefore: now - headStartMs,
    notAfter,
  });
  const key = passphrase === undefined ? issued.key : sealKey(issued.key, passphrase);
  const written = await write(folder, 'ca', { ...issued, key }, notAfter);
  if (!written.ok) return written;
  const listed = await writeCrl(folder, issued, [], now);
  return listed.ok ? written : listed;
}

export interface LeafRequest {
  readonly names: readonly string[];
  readonly keyType?: KeyType;
  readonly days?: number;
  readonly passphrase: string | undefined;
  readonly now: number;
}

export interface Leaf extends Issued {
  readonly notAfter: number;
  /** The root, in PEM. */
  readonly root: string;
}

/** A certificate and its key, entered in the log; written nowhere else. */
export async function issueLeaf(folder: string, request: LeafRequest): Promise<Result<Leaf>> {
  const { now } = request;
  const names = subjectNames(request.names);
  if (!names.ok) return names;
  const issuer = await openAuthority(folder, request.passphrase);
  if (!issuer.ok) return issuer;
  const { root, permitted } = issuer.value;
  const foreign = names.value.find(({ type, value }) => !isWithin(permitted, type, value));
  if (foreign !== undefined) {
    return fail(
      'usage',
      `cannot issue a certificate: the authority may issue for ${permitted.join(', ')} alone: ${foreign.value}`,
    );
  }
  const notAfter = Math.min(now + (request.days === undefined ? leafMs : request.days * day), root.notAfter);
  const issued = await issueCertificate(
    {
      commonName: commonNameOf(request.names),
      names: names.value,
      authority: false,
      ...(request.keyType === undefined ? {} : { keyType: request.keyType }),
      notBefore: now - headStartMs,
      notAfter,
    },
    issuer.value,
  );
  const leaf = readCertificate(issued.certificate);
  if (!leaf.ok) return leaf;
  const noted = await noteInLog(folder, {
    did: 'issued',
    at: new Date(now).toISOString(),
    serial: issued.serial,
    names: names.value.map(({ value }) => value),
    notAfter: new Date(notAfter).toISOString(),
    fingerprint: leaf.value.fingerprint,
  });
  if (!noted.ok) return noted;
  const listed = await refreshCrl(folder, issuer.value, now);
  return listed.ok ? ok({ ...issued, notAfter, root: root.pem }) : listed;
}

/** The same, with both in files of the folder `out`; nothing is written over. */
export async function issueLeafInto(
  folder: string,
  out: string,
  request: LeafRequest,
): Promise<Result<Written>> {
  const name = (request.names[0] ?? '').replace('*', '_').replaceAll(':', '-');
  const made = await makeFolder(out, 0o700);
  if (!made.ok) return made;
  if (await exists(`${out}/${name}.crt`)) return alreadyThere(`${out}/${name}.crt`);
  const leaf = await issueLeaf(folder, request);
  return leaf.ok ? await write(out, name, leaf.value, leaf.value.notAfter) : leaf;
}

export interface RevokeRequest {
  readonly passphrase: string | undefined;
  readonly reason: RevocationReason;
  readonly now: number;
}

/** Revokes what `which` names: a serial number, or a name, of which every certificate in force is meant. */
export async function revoke(
  folder: string,
  which: string,
  { passphrase, reason, now }: RevokeRequest,
): Promise<Result<IssuedCertificate[]>> {
  const issuer = await openAuthority(folder, passphrase);
  if (!issuer.ok) return issuer;
  const issued = await readIssued(folder);
  if (!issued.ok) return issued;
  const wanted = which.toLowerCase();
  const meant = issued.value.filter(({ serial, names }) => serial === wanted || names.includes(wanted));
  const inForce = meant.filter(({ revoked, notAfter }) => revoked === undefined && notAfter > now);
  if (inForce.length === 0) {
    const current = meant.length === 0 ? 'there is none' : 'it is revoked or expired already';
    return fail('no', `cannot revoke ${which}: needs a certificate of this authority in force: ${current}`, {
      hint: 'portreeve tls ca list shows them',
    });
  }
  const at = new Date(now).toISOString();
  const noted = await noteInLog(
    folder,
    ...inForce.map(({ serial }) => ({ did: 'revoked' as const, at, serial, reason })),
  );
  if (!noted.ok) return noted;
  const listed = await refreshCrl(folder, issuer.value, now);
  return listed.ok ? ok(inForce) : listed;
}

interface OpenedAuthority extends Issuer {
  readonly root: Certificate;
  readonly permitted: readonly string[];
}

/** Whether its key needs a passphrase. */
export async function isLocked(folder: string): Promise<Result<boolean>> {
  const key = await readText(`${folder}/ca.key`, 65_536);
  return key.ok ? ok(isSealed(key.value)) : notThere(key);
}

async function openAuthority(
  folder: string,
  passphrase: string | undefined,
): Promise<Result<OpenedAuthority>> {
  const certificate = await readText(`${folder}/ca.crt`, 65_536);
  if (!certificate.ok) return notThere(certificate);
  const kept = await readText(`${folder}/ca.key`, 65_536);
  if (!kept.ok) return notThere(kept);
  const root = readCertificate(certificate.value);
  if (!root.ok) return root;
  const key = isSealed(kept.value) ? openKey(kept.value, passphrase ?? '') : kept;
  if (!key.ok) return { ok: false, problem: { ...key.problem, path: `${folder}/ca.key` } };
  const facts = readPrivateKey(key.value);
  if (!facts.ok) return facts;
  if (facts.value === 'locked' || facts.value.fingerprint !== root.value.key.fingerprint) {
    return fail('configuration', `cannot issue a certificate: ca.key must be the key of ca.crt: it is not`, {
      path: folder,
    });
  }
  const permitted = permittedDomains(certificate.value);
  return ok({ certificate: certificate.value, key: key.value, root: root.value, permitted });
}

function notThere({ problem }: Failed): Failed {
  const hint = 'make the authority first: portreeve tls ca init';
  return { ok: false, problem: problem.kind === 'missing' ? { ...problem, hint } : problem };
}

async function refreshCrl(folder: string, issuer: Issuer, now: number): Promise<Result<void>> {
  const issued = await readIssued(folder);
  return issued.ok ? await writeCrl(folder, issuer, issued.value, now) : issued;
}

async function writeCrl(
  folder: string,
  issuer: Issuer,
  issued: readonly IssuedCertificate[],
  now: number,
): Promise<Result<void>> {
  const revoked = issued.flatMap(({ serial, revoked: why, notAfter }) =>
    // An expired certificate is refused without being listed.
    why === undefined || notAfter < now ? [] : [{ serial, ...why }],
  );
  const request = { revoked, number: Math.floor(now / 1000), thisUpdate: now, nextUpdate: now + crlMs };
  const look = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o644 };
  return await replaceFile(`${folder}/crl.pem`, Buffer.from(await issueCrl(request, issuer)), look);
}

/** The key first: a certificate without its key would be of no use, a key alone harms nobody. */
async function write(
  folder: string,
  name: string,
  issued: Pick<Issued, 'certificate' | 'key'>,
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
