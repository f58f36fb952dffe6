/**
 * `portreeve tls renew`: for a timer. Takes what its source has newer, gets a new certificate when it is due, and
 * makes Exim serve what lies on the disk. What fails leaves the old certificate in place.
 */
import { Command } from 'commander';
import { z } from 'zod';
import { parseDuration } from '../../base/duration.ts';
import { type Failed, fail, ok, type Ok, type Result } from '../../base/result.ts';
import { findDaemon } from '../../exim/daemon.ts';
import { debianPlaces } from '../../exim/debian-places.ts';
import { inspectExim, type InstalledExim } from '../../exim/inspect-exim.ts';
import { putInForce } from '../../exim/put-in-force.ts';
import type { Certificate } from '../../host/certificate.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import { systemClock } from '../../host/clock.ts';
import { isRoot } from '../../host/identity.ts';
import type { Checked } from '../../tls/certificate-to-install.ts';
import { type EnabledRecord, readEnabledRecord } from '../../tls/enabled-record.ts';
import { dueAt } from '../../tls/renewal-due.ts';
import { askRenewalTime } from '../../tls/source/ask-renewal-time.ts';
import { readPair } from '../../tls/source/read-pair.ts';
import { describeSource, isMade } from '../../tls/source/source.ts';
import { act } from '../act.ts';
import type { ExitStatus } from '../exit-status.ts';
import { passphraseOptions, withPassphraseOptions } from '../read-passphrase.ts';
import type { Speaker } from '../speak.ts';
import { carryOutTls } from '../tls-change.ts';
import { newCertificate, readRoots, rootsOf, sayAll } from '../tls-certificate.ts';
import { planTls, type TlsPlanRequest } from '../tls-plan.ts';

const options = z.object({
  ...passphraseOptions,
  due: z.string().optional(),
  force: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  reason: z.string().optional(),
});

type Options = z.infer<typeof options>;

export function tlsRenew(): Command {
  const command = new Command('renew')
    .description('renew the certificate when it is due, and have Exim serve it; for a timer')
    .option('--due <time>', 'due so long before its end (without it: see the manual)')
    .option('--force', 'renew it now')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--reason <text>', 'why, for the history');
  return withPassphraseOptions(command).action(
    act(options, async ({ speak, options: given }) => await renew(speak, given)),
  );
}

interface Situation {
  readonly exim: InstalledExim;
  readonly record: EnabledRecord;
  /** What lies on the disk. */
  readonly leaf: Certificate;
  readonly dueAt: number;
  readonly roots: readonly string[] | undefined;
  readonly now: number;
}

const day = 86_400_000;

async function renew(speak: Speaker, given: Options): Promise<Ok<ExitStatus> | Failed> {
  const found = await look(given);
  if (!found.ok) return found;
  const situation = found.value;
  const { record, leaf, now } = situation;
  const { source } = record;
  const due = given.force || situation.dueAt <= now;
  const request = { source, hostNames: record.names, roots: situation.roots, now };
  if (isMade(source) && !due) return await serveInstalled(speak, given, situation);
  if (isMade(source) && given.dryRun) {
    return tell(speak, situation, 'renew', `it is due; would get a new one from ${describeSource(source)}`);
  }
  const got = await newCertificate(speak, request, given);
  if (!got.ok) return stays(speak, situation, got.problems);
  if (got.value.leaf.fingerprint === leaf.fingerprint) {
    if (!due) return await serveInstalled(speak, given, situation);
    const served = await serveInstalled(speak, given, situation);
    if (!served.ok) return served;
    return fail(
      'no',
      `cannot renew the certificate: ${describeSource(source)} must have a newer one: it has the same`,
      {
        hint: `it ends in ${daysLeft(leaf, now)} days, and whoever renews it (certbot?) has not: look at its timer and log`,
      },
    );
  }
  if (given.dryRun)
    return tell(speak, situation, 'deploy', `${describeSource(source)} was renewed; would install it`);
  return await deploy(speak, given, situation, got.value);
}

async function look({ due }: Options): Promise<Result<Situation>> {
  if (!isRoot()) {
    return fail('permission', 'cannot renew the certificate: it needs root', {
      hint: 'run it again with sudo',
    });
  }
  const before = due === undefined ? undefined : parseDuration(due);
  if (before?.ok === false) return before;
  const record = await readEnabledRecord();
  if (!record.ok) return record;
  if (record.value === undefined) {
    return fail('missing', 'cannot renew the certificate: TLS must be on by Portreeve: it is not', {
      hint: 'portreeve tls enable',
    });
  }
  const exim = await inspectExim('renew the certificate');
  if (!exim.ok) return exim;
  const roots = await readRoots(record.value.issuedBy);
  if (!roots.ok) return roots;
  const pair = await installedPair();
  if (!pair.ok) return pair;
  const leaf = readCertificateFile(pair.value.certificate, `${debianPlaces.folder}/exim.crt`);
  if (!leaf.ok) return leaf;
  const [first] = leaf.value;
  if (first === undefined) throw new Error('a certificate file that was read holds none');
  const now = systemClock.now();
  const { source, renewAt } = record.value;
  const asked = await askRenewalTime(
    source,
    pair.value.certificate,
    renewAt === undefined ? undefined : Date.parse(renewAt),
  );
  return ok({
    exim: exim.value,
    record: { ...record.value, ...(asked === undefined ? {} : { renewAt: new Date(asked).toISOString() }) },
    leaf: first,
    dueAt: dueAt(first, { renewAt: asked, beforeMs: before?.value }),
    roots: roots.value,
    now,
  });
}

async function installedPair(): ReturnType<typeof readPair> {
  const { folder } = debianPlaces;
  return await readPair({ cert: `${folder}/exim.crt`, key: `${folder}/exim.key` });
}

function daysLeft({ notAfter }: Certificate, now: number): number {
  return Math.floor((notAfter - now) / day);
}

/** Early enough to be mended: a third of the life is left when it first comes to this. */
function stays(
  speak: Speaker,
  { leaf, now }: Situation,
  problems: Extract<Checked, { ok: false }>['problems'],
): Failed {
  const left = daysLeft(leaf, now);
  speak.note(
    left < 0
      ? `the old certificate stays in place; it expired ${-left} days ago`
      : `the old certificate stays in place; it is valid for ${left} more days`,
  );
  return sayAll(speak, problems);
}

function planRequest({ exim, record }: Situation): Omit<TlsPlanRequest, 'pair' | 'leaf' | 'roots'> {
  return { exim, hostName: record.hostName, policy: record.policy, ports: record.ports };
}

async function deploy(
  speak: Speaker,
  given: Options,
  situation: Situation,
  certificate: Extract<Checked, { ok: true }>['value'],
): Promise<Ok<ExitStatus> | Failed> {
  const { record, now } = situation;
  const { leaf, roots } = certificate;
  const planned = await planTls({ ...planRequest(situation), pair: certificate, leaf, roots });
  if (!planned.ok) return planned;
  const { plan, proofs } = planned.value;
  const { before: _before, after: _after, at: _at, renewAt: _renewAt, ...kept } = record;
  const until = new Date(leaf.notAfter).toISOString().slice(0, 10);
  const renewAt =
    certificate.renewAt === undefined ? {} : { renewAt: new Date(certificate.renewAt).toISOString() };
  return await carryOutTls(speak, {
    edits: plan.edits,
    proofs,
    reason: given.reason ?? `Renew the certificate of ${record.hostName}: valid until ${until}`,
    record: { ...kept, ...renewAt },
    now,
  });
}

/**
 * Nothing new: what lies on the disk has to be what the ports serve. Exim watches the folder of its files and takes a
 * new pair after some seconds; what was written behind a link, or while it started, it may never see.
 */
async function serveInstalled(
  speak: Speaker,
  given: Options,
  situation: Situation,
): Promise<Ok<ExitStatus> | Failed> {
  const { leaf, record, roots } = situation;
  const known = roots ?? (await rootsOf(record.source, leaf.pem));
  const planned = await planTls({
    ...planRequest(situation),
    leaf,
    ...(known === undefined ? {} : { roots: known }),
  });
  if (!planned.ok) return planned;
  const { proofs } = planned.value;
  const unserved = await firstFailure(proofs);
  const until = new Date(situation.dueAt).toISOString().slice(0, 10);
  if (unserved === undefined)
    return tell(speak, situation, 'nothing', `not due until ${until}; every port serves it`);
  if (given.dryRun)
    return tell(speak, situation, 'reload', `${unserved.problem.message}; would have Exim reload`);
  speak.line(`${speak.style.warn('stale'.padEnd(8))} ${unserved.problem.message}`);
  const reloaded = await putInForce(await findDaemon(), systemClock);
  if (!reloaded.ok) return reloaded;
  speak.line(`${speak.style.dim('reload'.padEnd(8))} ${reloaded.value}`);
  const still = await firstFailure(proofs);
  if (still !== undefined) return still;
  return tell(speak, situation, 'reloaded', 'every port serves it now');
}

async function firstFailure(
  proofs: readonly { readonly prove: () => Promise<Result<string>> }[],
): Promise<Failed | undefined> {
  for (const { prove } of proofs) {
    const proved = await prove();
    if (!proved.ok) return proved;
  }
  return undefined;
}

function tell(
  speak: Speaker,
  { leaf, dueAt: due, now }: Situation,
  action: string,
  words: string,
): Ok<ExitStatus> {
  speak.line(`${leaf.subject}, valid for ${daysLeft(leaf, now)} more days: ${words}`);
  speak.document({
    action,
    notAfter: new Date(leaf.notAfter).toISOString(),
    dueAt: new Date(due).toISOString(),
    fingerprint: leaf.fingerprint,
  });
  return ok(0);
}
