/** `portreeve tls records DOMAIN`: what to publish in DNS about the encryption of its mail, and what is. */
import { Command } from 'commander';
import { z } from 'zod';
import { type Failed, fail, ok, type Ok, type Result } from '../../base/result.ts';
import { debianPlaces } from '../../exim/debian-places.ts';
import { inspectExim } from '../../exim/inspect-exim.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import { systemClock } from '../../host/clock.ts';
import { DnsRecords, type TlsaRecord } from '../../host/dns-records.ts';
import { readText } from '../../host/files.ts';
import { httpsCall } from '../../host/https-call.ts';
import { readPrivateKey } from '../../host/private-key.ts';
import type { PublicKeyFacts } from '../../host/public-key.ts';
import { type DnsItem, planDns, type Published } from '../../tls/dns-plan.ts';
import { isHostName } from '../../tls/target.ts';
import { act } from '../act.ts';
import type { ExitStatus } from '../exit-status.ts';
import { nameServerOption } from '../name-server-option.ts';
import type { Speaker } from '../speak.ts';

const options = z.object({
  host: z.string().refine(isHostName, 'needs a host name').optional(),
  cert: z.string().min(1).default(`${debianPlaces.folder}/exim.crt`),
  nextKey: z.string().min(1).optional(),
  mode: z.enum(['testing', 'enforce'], 'needs testing or enforce'),
  reportsTo: z.email('needs a mail address').optional(),
  dns: nameServerOption,
});

type Options = z.infer<typeof options>;

export function tlsRecords(): Command {
  return new Command('records')
    .description(
      'the DNS records and the policy file that a domain should have about its mail, and which it has',
    )
    .argument('<domain>', 'the domain whose mail comes here')
    .option('--host <name>', "the MX that is this host (Exim's primary_hostname)")
    .option('--cert <file>', 'its certificate in PEM (exim.crt)')
    .option('--next-key <file>', 'the key or certificate that will follow: its record has to be there before')
    .option('--mode <mode>', 'of the MTA-STS policy: testing or enforce', 'testing')
    .option('--reports-to <address>', 'where reports go (postmaster of the domain)')
    .option('--dns <server>', 'ask this name server')
    .action(
      act(options, async ({ speak, args: [domain = ''], options: given }) =>
        isHostName(domain) && domain.includes('.')
          ? await records(speak, domain.toLowerCase().replace(/\.$/, ''), given)
          : fail('usage', `cannot tell the records: needs a domain: ${domain}`),
      ),
    );
}

async function records(speak: Speaker, domain: string, given: Options): Promise<Ok<ExitStatus> | Failed> {
  const host = given.host === undefined ? await ownMailHost() : ok(given.host);
  if (!host.ok) return host;
  const key = await keyIn(given.cert);
  if (!key.ok) return key;
  const next = given.nextKey === undefined ? ok(undefined) : await keyIn(given.nextKey);
  if (!next.ok) return next;
  const dns = new DnsRecords(given.dns === undefined ? undefined : [given.dns]);
  const exchangers = await dns.exchangers(domain);
  const published = await look(dns, domain, host.value);
  for (const problem of published.problems) speak.problem(problem);
  if (!exchangers.ok) speak.problem(exchangers.problem);
  const items = planDns({
    domain,
    host: host.value,
    // Where nobody can tell, or there is no MX yet, it will be this host.
    exchangers: exchangers.ok && exchangers.value.length > 0 ? exchangers.value : [host.value],
    key: key.value.fingerprint,
    nextKey: next.value?.fingerprint,
    mode: given.mode,
    reportsTo: given.reportsTo ?? `postmaster@${domain}`,
    published: published.value,
    now: systemClock.now(),
  });
  for (const item of items) show(speak, item);
  speak.document({ domain, host: host.value, items, problems: published.problems });
  if (published.problems.length > 0 || !exchangers.ok) return ok(3);
  return ok(items.every(({ state }) => state === 'published') ? 0 : 1);
}

async function ownMailHost(): Promise<Result<string>> {
  const exim = await inspectExim('tell the records');
  return exim.ok ? ok(exim.value.hostName) : exim;
}

/** Of a certificate, or of a private key: the public half is the same. */
async function keyIn(path: string): Promise<Result<PublicKeyFacts>> {
  const text = await readText(path, 1024 * 1024);
  if (!text.ok) return text;
  if (text.value.includes('BEGIN CERTIFICATE')) {
    const chain = readCertificateFile(text.value, path);
    if (!chain.ok) return chain;
    const [leaf] = chain.value;
    if (leaf !== undefined) return ok(leaf.key);
  }
  const facts = readPrivateKey(text.value);
  if (!facts.ok) return facts;
  return facts.value === 'locked'
    ? fail('configuration', 'cannot tell the records: needs a key without a passphrase: it is encrypted', {
        path,
      })
    : ok(facts.value);
}

async function look(
  dns: DnsRecords,
  domain: string,
  host: string,
): Promise<{ readonly value: Published; readonly problems: readonly Failed['problem'][] }> {
  const problems: Failed['problem'][] = [];
  const or = <T>(found: Result<T[]>): T[] => {
    if (found.ok) return found.value;
    problems.push(found.problem);
    return [];
  };
  const [tlsa, mtaSts, tlsReports, policy] = await Promise.all([
    dns.tlsa(`_25._tcp.${host}`),
    dns.texts(`_mta-sts.${domain}`),
    dns.texts(`_smtp._tls.${domain}`),
    publishedPolicy(domain),
  ]);
  const published = new Map<string, TlsaRecord[]>([[host, or(tlsa)]]);
  return { value: { tlsa: published, mtaSts: or(mtaSts), tlsReports: or(tlsReports), policy }, problems };
}

/** Its certificate has to be trusted, and redirections do not count (RFC 8461, section 3.3). */
async function publishedPolicy(domain: string): Promise<string | undefined> {
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`;
  const answer = await httpsCall({ url, method: 'GET', timeoutMs: 10_000 });
  return answer.ok && answer.value.status === 200 && answer.value.body.length <= 65_536
    ? answer.value.body
    : undefined;
}

function show(speak: Speaker, { what, publish, state, notes }: DnsItem): void {
  const { good, warn, bad, bold, dim } = speak.style;
  const said = { published: good('published'), missing: bad('missing'), differs: warn('differs') }[state];
  speak.line(`${bold(what)}: ${said}`);
  for (const line of publish) speak.line(`  ${line}`);
  for (const note of notes) speak.line(dim(`  (${note})`));
  speak.line();
}
