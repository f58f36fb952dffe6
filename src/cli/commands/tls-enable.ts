/** `portreeve tls enable`: get a certificate, turn STARTTLS on, prove it; or leave all as it was. */
import { Command } from 'commander';
import { z } from 'zod';
import { type Failed, fail, ok, type Ok, type Result } from '../../base/result.ts';
import { debianPlaces } from '../../exim/debian-places.ts';
import { inspectExim } from '../../exim/inspect-exim.ts';
import { openRepository } from '../../history/repository.ts';
import { systemClock } from '../../host/clock.ts';
import { isRoot } from '../../host/identity.ts';
import type { CertificateToInstall } from '../../tls/certificate-to-install.ts';
import type { EnablePlan } from '../../tls/enable.ts';
import { type EnabledRecord, readEnabledRecord } from '../../tls/enabled-record.ts';
import { policyNames } from '../../tls/policy.ts';
import { describeSource, type Source, withNames } from '../../tls/source/source.ts';
import { isHostName } from '../../tls/target.ts';
import { act } from '../act.ts';
import { chooseReusable } from '../choose-reusable.ts';
import { domainNames } from '../domain-names.ts';
import type { ExitStatus } from '../exit-status.ts';
import { nameServerOption } from '../name-server-option.ts';
import { passphraseOptions, withPassphraseOptions } from '../read-passphrase.ts';
import type { Speaker } from '../speak.ts';
import { agreed, carryOutTls, showTlsPlan } from '../tls-change.ts';
import {
  type CertificateRequest,
  installedCertificate,
  isIssued,
  newCertificate,
  readRoots,
  sayAll,
} from '../tls-certificate.ts';
import { planTls, type TlsPlanRequest } from '../tls-plan.ts';
import {
  absolute,
  add,
  chosenSource,
  nameOption,
  sourceOptions,
  withSourceOptions,
} from '../tls-source-options.ts';

const portList = z
  .string()
  .regex(/^\d{1,5}(?:,\d{1,5}){0,9}$/, 'needs ports with commas between them, as 465,587')
  .transform((text) => text.split(',').map(Number))
  .refine((ports) => ports.every((port) => port >= 1 && port <= 65_535), 'needs ports from 1 to 65535');

const options = z.object({
  ...sourceOptions,
  ...passphraseOptions,
  policy: z.enum(policyNames, `needs one of ${policyNames.join(', ')}`).optional(),
  name: z.string().refine(isHostName, 'needs a host name').optional(),
  altName: z.array(nameOption).default([]),
  domain: z.array(z.string().refine(isHostName, 'needs a domain')).default([]),
  dns: nameServerOption,
  issuedBy: z.string().min(1).optional(),
  ports: portList.optional(),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  reason: z.string().optional(),
});

type Options = z.infer<typeof options>;

export function tlsEnable(): Command {
  const command = new Command('enable').description(
    'get a certificate, turn STARTTLS on with it, and prove it on the live ports',
  );
  return withPassphraseOptions(withSourceOptions(command))
    .option('--policy <name>', `versions and ciphers: ${policyNames.join(', ')} (intermediate)`)
    .option('--name <host>', "the mail host that the certificate must cover (Exim's primary_hostname)")
    .option('--alt-name <host>', 'a further name that it must cover; may be repeated', add)
    .option('--domain <domain>', "and the MX names of this domain that are this host's; may be repeated", add)
    .option('--dns <server>', 'ask this name server for them')
    .option('--issued-by <file>', 'the authority that must have issued it, in PEM')
    .option('--ports <list>', 'ports that shall serve besides those that do, as 465,587')
    .option('--dry-run', 'show what would be changed, and change nothing')
    .option('-y, --yes', 'do not ask')
    .option('--reason <text>', 'why, for the history')
    .action(act(options, async ({ speak, options: given }) => await enable(speak, given)));
}

async function enable(speak: Speaker, given: Options): Promise<Ok<ExitStatus> | Failed> {
  const intended = await intend(speak, given);
  if (!intended.ok) return intended;
  const { request, wanted, record, issuedBy } = intended.value;
  const { source } = wanted;
  const installed = await installedCertificate(wanted, record);
  let certificate = installed;
  const later = installed === undefined && isIssued(source);
  if (certificate === undefined && !later) {
    const got = await newCertificate(speak, wanted, given);
    if (!got.ok) return sayAll(speak, got.problems);
    certificate = got.value;
  }
  const first = await planTls({ ...request, ...servingOf(certificate) });
  if (!first.ok) return first;
  const { proofs } = first.value;
  const plan = inWords(first.value.plan, source, wanted.hostNames, certificate);
  if (plan.words.length > 0) {
    const shown = await showTlsPlan(speak, plan, proofs);
    if (!shown.ok) return shown;
    if (given.dryRun) return dryRun(speak, plan, proofs);
    const may = await agreed(speak, given.yes);
    if (!may.ok) return may;
    if (!may.value) return ok(1);
  } else if (given.dryRun) {
    speak.line('nothing to change: every file is so already');
    return dryRun(speak, plan, proofs);
  }
  let final = first.value;
  if (certificate === undefined) {
    const got = await newCertificate(speak, wanted, given);
    if (!got.ok) return sayAll(speak, got.problems);
    certificate = got.value;
    const second = await planTls({ ...request, ...servingOf(certificate) });
    if (!second.ok) return second;
    final = second.value;
  }
  const done = await carryOutTls(speak, {
    edits: final.plan.edits,
    proofs: final.proofs,
    reason:
      given.reason ??
      `Turn STARTTLS on for ${request.hostName}: ${describeSource(source)}, policy ${request.policy}`,
    record: {
      hostName: request.hostName,
      names: wanted.hostNames,
      policy: request.policy,
      source,
      ports: [...new Set([...(record?.ports ?? []), ...request.ports])],
      ...(issuedBy === undefined ? {} : { issuedBy }),
      ...renewAtOf(certificate, installed === undefined ? undefined : record),
    },
    now: wanted.now,
  });
  if (done.ok && final.plan.edits.length > 0) {
    speak.line(speak.style.good(`STARTTLS is on for ${request.hostName}.`));
  }
  return done;
}

interface Intended {
  readonly request: TlsPlanRequest;
  readonly wanted: CertificateRequest;
  readonly record: EnabledRecord | undefined;
  readonly issuedBy: string | undefined;
}

/** Everything that can be said before anything is made, asked or touched. */
async function intend(speak: Speaker, given: Options): Promise<Result<Intended>> {
  if (!isRoot()) {
    return fail('permission', 'cannot turn TLS on: it needs root', {
      hint: 'run it again as root, or with sudo',
    });
  }
  const exim = await inspectExim('turn TLS on');
  if (!exim.ok) return exim;
  const tracked = await openRepository(debianPlaces.folder);
  // What would be changed may be looked at before.
  if (!tracked.ok && !given.dryRun) return tracked;
  const record = await readEnabledRecord();
  if (!record.ok) return record;
  const hostName = given.name ?? record.value?.hostName ?? exim.value.hostName;
  const mail = await domainNames(speak, given.domain, { hostName, server: given.dns });
  if (!mail.ok) return mail;
  const asked = [...given.altName, ...mail.value];
  const now = systemClock.now();
  const chosen = chosenSource(given, [...new Set([hostName, ...asked])]);
  if (!chosen.ok) return chosen;
  // The source of the last time, with all that it had to cover then.
  const last = chosen.value === undefined ? record.value : undefined;
  const before = (last?.names ?? []).filter((name) => name !== last?.hostName);
  const names = [...new Set([hostName, ...before, ...asked])];
  const found = chosen.value === 'reuse' ? await chooseReusable(speak, names, now) : ok(chosen.value);
  if (!found.ok) return found;
  const source = found.value ?? (last === undefined ? undefined : withNames(last.source, names));
  if (source === undefined) {
    return fail(
      'usage',
      'cannot turn TLS on: needs to know where the certificate comes from: nothing says so',
      {
        hint: 'one of --cert and --key, --reuse, --acme, --ca, --self-signed',
      },
    );
  }
  const issuedBy = given.issuedBy === undefined ? last?.issuedBy : absolute(given.issuedBy);
  const roots = await readRoots(issuedBy);
  if (!roots.ok) return roots;
  const policy = given.policy ?? record.value?.policy ?? 'intermediate';
  return ok({
    request: { exim: exim.value, hostName, policy, ports: given.ports ?? [] },
    wanted: { source, hostNames: names, roots: roots.value, now },
    record: record.value,
    issuedBy,
  });
}

function servingOf(
  certificate: CertificateToInstall | undefined,
): Pick<TlsPlanRequest, 'pair' | 'leaf' | 'roots'> {
  if (certificate === undefined) return {};
  return { pair: certificate, leaf: certificate.leaf, roots: certificate.roots };
}

function inWords(
  plan: EnablePlan,
  source: Source,
  names: readonly string[],
  certificate: CertificateToInstall | undefined,
): EnablePlan {
  if (certificate === undefined) {
    const get = `get a certificate for ${names.join(', ')} from ${describeSource(source)}, and install it`;
    return { ...plan, words: [get, ...plan.words] };
  }
  const { leaf, warnings } = certificate;
  const until = new Date(leaf.notAfter).toISOString().slice(0, 10);
  const use = `use a certificate for ${leaf.names.join(', ')}, valid until ${until}, issued by ${leaf.issuer}`;
  const words = plan.words.length === 0 ? [] : [use, ...plan.words];
  return { ...plan, words, warnings: [...plan.warnings, ...warnings] };
}

function renewAtOf(
  certificate: CertificateToInstall,
  record: EnabledRecord | undefined,
): Pick<EnabledRecord, 'renewAt'> {
  if (certificate.renewAt !== undefined) return { renewAt: new Date(certificate.renewAt).toISOString() };
  return record?.renewAt === undefined ? {} : { renewAt: record.renewAt };
}

function dryRun(
  speak: Speaker,
  { edits, words, warnings }: EnablePlan,
  proofs: readonly { readonly claim: string }[],
): Ok<ExitStatus> {
  speak.document({
    changed: false,
    would: { do: words, write: edits.map(({ path }) => path), prove: proofs.map(({ claim }) => claim) },
    warnings,
  });
  return ok(0);
}
