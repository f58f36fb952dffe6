/** `portreeve tls audit`: everything about a mail server's encryption, judged. */
import { Command, Option } from 'commander';
import { z } from 'zod';
import { parseAddress } from '../../base/address.ts';
import { parseDuration } from '../../base/duration.ts';
import type { Problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { type Resolver, systemResolver } from '../../host/ask-dns.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import { systemClock } from '../../host/clock.ts';
import type { Endpoint } from '../../host/connect-socket.ts';
import { readText, writeText } from '../../host/files.ts';
import { ownName } from '../../host/own-name.ts';
import { systemRootBundle } from '../../host/system-root-bundle.ts';
import { audit } from '../../tls/audit/audit.ts';
import type { AuditDocument, Severity } from '../../tls/audit/audit-document.ts';
import { severities } from '../../tls/audit/judge/judge.ts';
import { profileIds } from '../../tls/audit/judge/profiles.ts';
import { type Baseline, baselineOf, newFindings } from '../../tls/audit/new-findings.ts';
import { gentle, usual } from '../../tls/audit/pace.ts';
import { htmlReport } from '../../tls/audit/report/html.ts';
import { junitReport } from '../../tls/audit/report/junit.ts';
import { parseTarget } from '../../tls/target.ts';
import { act } from '../act.ts';
import { speakAudit } from '../audit-report.ts';
import { auditTargets } from '../audit-targets.ts';
import { collect } from '../collect.ts';
import type { Speaker } from '../speak.ts';

const options = z.object({
  implicit: z.boolean().default(false),
  gentle: z.boolean().default(false),
  ca: z.string().optional(),
  name: z.array(z.string()).default([]),
  domain: z.string().optional(),
  resolver: z.string().optional(),
  profile: z.enum(profileIds).default('mozilla-intermediate'),
  failOn: z.enum(['critical', 'high', 'medium', 'low', 'info']).default('high'),
  baseline: z.string().optional(),
  junit: z.string().optional(),
  html: z.string().optional(),
  timeLimit: z.string().default('60s'),
});

type Given = z.infer<typeof options>;

export function tlsAudit(): Command {
  return new Command('audit')
    .description("find out everything about a mail server's encryption and judge it")
    .argument('[host[:port]...]', 'the servers; the port is 25, with --implicit 465')
    .option('--domain <domain>', 'all mail hosts of the domain, and what it says in the DNS')
    .option('--implicit', 'TLS from the first byte instead of STARTTLS')
    .option('--ca <file>', 'trust the authorities in this PEM file, and no others')
    .option('--name <name>', 'a name that the certificate must cover (HOST); may be repeated', collect)
    .addOption(new Option('--profile <name>', 'the profile that it has to keep to').choices(profileIds))
    .addOption(
      new Option('--fail-on <severity>', 'end with status 1 from this severity on').choices(severities),
    )
    .option('--baseline <file>', 'only what is new since this earlier --json')
    .option('--junit <file>', 'write a JUnit report')
    .option('--html <file>', 'write a page')
    .option('--gentle', 'two connections at once and five a second at most')
    .option('--resolver <address[:port]>', 'the DNS resolver to ask; none: do not ask')
    .option('--time-limit <time>', 'for all servers together (60s)')
    .action(act(options, async ({ speak, args, options: given }) => await auditAll(speak, args, given)));
}

async function auditAll(speak: Speaker, args: readonly string[], given: Given): Promise<Result<0 | 1>> {
  const limit = parseDuration(given.timeLimit);
  if (!limit.ok) return limit;
  const resolver = chosenResolver(given.resolver);
  if (!resolver.ok) return resolver;
  const dns = resolver.value === 'none' ? undefined : resolver.value;
  const targets = await auditTargets(args, given.domain, given.implicit ? 465 : 25, dns);
  if (!targets.ok) return targets;
  const roots = await trustedRoots(given.ca);
  if (!roots.ok) return roots;
  const baseline = await readBaseline(given.baseline);
  if (!baseline.ok) return baseline;

  const documents: AuditDocument[] = [];
  const problems: Problem[] = [];
  const until = systemClock.now() + limit.value;
  for (const [index, endpoint] of targets.value.entries()) {
    if (targets.value.length > 1) speak.note(`${index + 1} of ${targets.value.length}: ${endpoint.host}`);
    const left = until - systemClock.now();
    // One slow server does not take the time of those that wait behind it.
    const share = left / Math.min(2, targets.value.length - index);
    const audited =
      left <= 0
        ? fail('timeout', `cannot audit ${endpoint.host}: the time limit of ${given.timeLimit} is over`)
        : await audit(requestOf(endpoint, given, roots.value, resolver.value, share));
    if (!audited.ok) {
      problems.push(audited.problem);
      if (targets.value.length > 1) {
        speak.problem(audited.problem);
        speak.document({ target: endpoint, problem: audited.problem });
      }
      continue;
    }
    const document =
      baseline.value === undefined
        ? audited.value
        : { ...audited.value, findings: newFindings(audited.value, baseline.value) };
    documents.push(document);
    speakAudit(speak, document);
    speak.document(document);
  }
  const [first] = problems;
  if (documents.length === 0 && first !== undefined) return { ok: false, problem: first };
  const written = await writeReports(documents, given);
  if (!written.ok) return written;
  return ok(
    documents.some(({ findings }) => findings.some((each) => reaches(each.severity, given.failOn))) ||
      problems.length > 0
      ? 1
      : 0,
  );
}

function reaches(severity: Severity, wanted: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(wanted);
}

function requestOf(
  endpoint: Endpoint,
  given: Given,
  roots: readonly string[],
  resolver: Resolver | 'none' | undefined,
  limitMs: number,
): Parameters<typeof audit>[0] {
  const host = endpoint.host.replace(/\.$/, '');
  return {
    endpoint,
    implicit: given.implicit,
    helo: ownName(),
    serverName: parseAddress(host) === undefined ? host : undefined,
    names: given.name.length > 0 ? given.name : [host],
    roots,
    pace: given.gentle ? gentle : usual,
    timeoutMs: 5000,
    limitMs,
    clock: systemClock,
    profile: given.profile,
    resolver,
    ...(given.domain === undefined ? {} : { domain: given.domain }),
  };
}

async function writeReports(
  documents: readonly AuditDocument[],
  { junit, html, failOn }: Given,
): Promise<Result<void>> {
  if (junit !== undefined) {
    const written = await writeText(junit, junitReport(documents, failOn));
    if (!written.ok) return written;
  }
  return html === undefined ? ok() : await writeText(html, htmlReport(documents));
}

function chosenResolver(text: string | undefined): Result<Resolver | 'none' | undefined> {
  if (text === undefined) return ok(systemResolver());
  if (text === 'none') return ok('none');
  const target = parseTarget(text, 53);
  if (target.ok && parseAddress(target.value.host) !== undefined) return target;
  return fail('usage', `cannot use the resolver: needs an address: ${JSON.stringify(text)}`, {
    hint: 'such as 127.0.0.1, [::1]:5353, or none',
  });
}

const earlier = z.object({
  target: z.object({ host: z.string(), port: z.number() }),
  findings: z.array(z.object({ id: z.string() })),
});

async function readBaseline(path: string | undefined): Promise<Result<Baseline | undefined>> {
  if (path === undefined) return ok(undefined);
  const text = await readText(path);
  if (!text.ok) return text;
  try {
    const lines = text.value.split('\n').filter((line) => line.trim() !== '');
    return ok(baselineOf(lines.map((line) => earlier.parse(JSON.parse(line)))));
  } catch {
    return fail(
      'configuration',
      `cannot use the baseline ${path}: needs what --json has printed: it is not`,
      { path },
    );
  }
}

async function trustedRoots(path: string | undefined): Promise<Result<readonly string[]>> {
  if (path === undefined) return ok(systemRootBundle());
  const text = await readText(path, 1024 * 1024);
  if (!text.ok) return text;
  const roots = readCertificateFile(text.value, path);
  return roots.ok ? ok(roots.value.map(({ pem }) => pem)) : roots;
}
