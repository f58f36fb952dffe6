/** `portreeve tls test`: a STARTTLS session as swaks shows it, and a verdict on it. */
import { Command } from 'commander';
import { parseAddress } from '../../base/address.ts';
import { type Duration, parseDuration } from '../../base/duration.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import type { Handshake } from '../../host/connection.ts';
import { ownName } from '../../host/own-name.ts';
import { systemRootBundle } from '../../host/system-root-bundle.ts';
import type { TlsSession } from '../../host/tls-session.ts';
import { coversName } from '../../tls/covers-name.ts';
import { type Envelope, type StopPoint, stopPoints, type TranscriptLine } from '../../tls/dialogue.ts';
import type { Login } from '../../tls/login.ts';
import { isHostName } from '../../tls/target.ts';
import { type ServerReport, testServer } from '../../tls/test-server.ts';
import { testTarget } from '../../tls/test-target.ts';
import type { Finding } from '../../tls/verdict.ts';
import { act } from '../act.ts';
import { flag, oneOf, optionReader, type ReadValue } from '../option-reader.ts';
import type { Speaker } from '../speak.ts';

interface Options {
  readonly implicit: boolean;
  readonly verify: boolean;
  readonly ca: string | undefined;
  readonly name: string | undefined;
  readonly helo: string | undefined;
  readonly quitAfter: StopPoint | undefined;
  readonly auth: string | undefined;
  readonly passwordFile: string | undefined;
  readonly emptyPassword: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly resolve: string | undefined;
  readonly dns: string | undefined;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly timeout: Duration;
}

/** Not zod's: loading that takes longer than the whole session. What few need is loaded where they need it. */
const options = optionReader<Options>({
  implicit: flag,
  verify: flag,
  emptyPassword: flag,
  ipv4: flag,
  ipv6: flag,
  ca: words(/./, 'needs a file'),
  passwordFile: words(/./, 'needs a file'),
  name: (given) =>
    given === undefined || (typeof given === 'string' && isHostName(given))
      ? { value: given }
      : 'needs a host name',
  helo: words(/^[\w.:[\]-]{1,255}$/, 'needs a host name or an address in brackets'),
  quitAfter: (given) => oneOf(stopPoints)(typeof given === 'string' ? given.toUpperCase() : given),
  auth: words(/^[^\r\n\0]{1,255}$/, 'needs a user in one line'),
  // What goes between < and >: nothing that would end the command (RFC 5321, section 4.1.1.2).
  from: words(/^[^\s<>\p{Cc}]{0,320}$/u, 'needs a mail address without <>'),
  to: words(/^[^\s<>\p{Cc}]{1,320}$/u, 'needs a mail address without <>'),
  resolve: (given) => {
    const value = typeof given === 'string' ? parseAddress(given) : undefined;
    return given === undefined || value !== undefined ? { value } : 'needs an address';
  },
  dns: words(/^[\da-fA-F.:[\]]+$/, 'needs the address of a name server'),
  timeout: (given) => {
    const read = parseDuration(typeof given === 'string' ? given : '');
    const fits = read.ok && read.value >= 100 && read.value <= 60_000;
    return fits ? { value: read.value } : 'needs 100ms to 60s';
  },
});

function words(form: RegExp, needs: string): ReadValue<string | undefined> {
  return (given) =>
    given === undefined || (typeof given === 'string' && form.test(given)) ? { value: given } : needs;
}

export function tlsTest(): Command {
  return new Command('test')
    .description('show a STARTTLS session with a mail server and judge its encryption')
    .argument('<host[:port]>', 'the server, or a domain: then its MX; the port is 25, with --implicit 465')
    .option('--implicit', 'TLS from the first byte instead of STARTTLS')
    .option('--verify', 'go no further where the certificate is not trusted or does not cover the name')
    .option('--ca <file>', 'trust the authorities in this PEM file, and no others')
    .option('--name <name>', 'the name that the certificate must cover (HOST)')
    .option('--helo <name>', 'the name to greet with (the name of this machine)')
    .option('-q, --quit-after <point>', `go no further than ${stopPoints.join(', ')}`)
    .option('--auth <user>', 'try to log in under TLS; the password is asked for, and may be empty')
    .option('--password-file <file>', 'read the password there (- is standard input)')
    .option('--empty-password', 'try the empty password, which a server has to refuse')
    .option('--from <address>', 'try this sender under TLS (the null sender, with --to)')
    .option('--to <address>', 'try this recipient under TLS; no message is sent')
    .option('--resolve <address>', 'connect to this address instead of what the name leads to')
    .option('--dns <server>', 'ask this name server for the MX')
    .option('-4, --ipv4', 'over IPv4 alone')
    .option('-6, --ipv6', 'over IPv6 alone')
    .option('--timeout <time>', 'how long to wait for each answer', '10s')
    .action(
      act(options, async ({ speak, args: [text = ''], options: given }) => await testIt(speak, text, given)),
    );
}

async function testIt(speak: Speaker, text: string, given: Options): Promise<Result<0 | 1>> {
  const login = await loginOf(given);
  if (!login.ok) return login;
  const envelope = envelopeOf(given);
  if (!envelope.ok) return envelope;
  const roots = await trustedRoots(given.ca);
  if (!roots.ok) return roots;
  const { implicit, resolve, dns } = given;
  const family = given.ipv4 === given.ipv6 ? undefined : given.ipv4 ? 4 : 6;
  const servers = dns === undefined ? undefined : [dns];
  const target = await testTarget(text, { implicit, resolve, family, servers });
  if (!target.ok) return target;
  const { endpoint, domain } = target.value;
  const name = given.name ?? target.value.name;
  if (domain !== undefined) speak.line(`=== Mail for ${domain} goes to ${endpoint.host}.`);
  speak.line(`=== Trying ${endpoint.host} port ${endpoint.port}...`);
  const lines: string[] = [];
  const tested = await testServer({
    endpoint,
    timeoutMs: given.timeout,
    // A server that answers a byte at a time is not waited for longer than one that needs each wait.
    longestMs: Math.min(6 * given.timeout, 60_000),
    clock: systemClock,
    dialogue: {
      helo: given.helo ?? ownName(),
      implicit,
      ...(login.value === undefined ? {} : { login: login.value }),
      ...(envelope.value === undefined ? {} : { envelope: envelope.value }),
      ...(given.quitAfter === undefined ? {} : { quitAfter: given.quitAfter }),
    },
    tls: { name, roots: roots.value },
    note: (note) => {
      speak.line(`=== ${note}`);
    },
    show: (line) => {
      lines.push(transcript(line));
      speak.line(transcript(line));
    },
    handshaken: (handshake) => {
      for (const line of handshakeLines(handshake)) speak.line(`=== ${line}`);
    },
    ...(given.verify ? { trusts: (session: TlsSession) => isTrusted(session, name) } : {}),
  });
  if (!tested.ok) return tested;
  speakReport(speak, tested.value);
  const { host, port } = endpoint;
  speak.document({ host, port, domain: domain ?? null, ...documentOf(tested.value), transcript: lines });
  return ok(tested.value.sound ? 0 : 1);
}

/** Never from the command line, which every process of the machine can read. */
async function loginOf({ auth, passwordFile, emptyPassword }: Options): Promise<Result<Login | undefined>> {
  if (auth === undefined) return ok(undefined);
  if (emptyPassword) return ok({ user: auth, password: '' });
  if (passwordFile !== undefined) {
    const text =
      passwordFile === '-'
        ? (await import('../../host/read-descriptor.ts')).readDescriptor(0)
        : await (await import('../../host/files.ts')).readText(passwordFile, 4096);
    return text.ok ? ok({ user: auth, password: text.value.replace(/\r?\n$/, '') }) : text;
  }
  const { askSecret } = await import('../../host/ask-secret.ts');
  const password = await askSecret(`Password of ${auth}: `);
  return password === undefined
    ? fail('usage', 'cannot log in: needs a password: nobody is at a terminal to be asked', {
        hint: 'give it with --password-file FILE (- is standard input), or try the empty one: --empty-password',
      })
    : ok({ user: auth, password });
}

function envelopeOf({ from, to }: Options): Result<Envelope | undefined> {
  if (to !== undefined) return ok({ from: from ?? '', to });
  return from === undefined
    ? ok(undefined)
    : fail('usage', 'cannot try a sender: needs a recipient as well: --to is missing');
}

function isTrusted({ chain: [leaf], distrust }: TlsSession, name: string): boolean {
  return distrust === undefined && leaf !== undefined && coversName(leaf.names, name);
}

async function trustedRoots(path: string | undefined): Promise<Result<readonly string[]>> {
  if (path === undefined) return ok(systemRootBundle());
  const { readText } = await import('../../host/files.ts');
  const { readCertificateFile } = await import('../../host/certificate-file.ts');
  const text = await readText(path, 1024 * 1024);
  if (!text.ok) return text;
  const roots = readCertificateFile(text.value, path);
  return roots.ok ? ok(roots.value.map(({ pem }) => pem)) : roots;
}

/** The arrows of swaks: `-` in clear, `~` under TLS. */
function transcript({ from, encrypted, text }: TranscriptLine): string {
  const shaft = encrypted ? '~' : '-';
  return from === 'server' ? `<${shaft}  ${text}` : ` ${shaft}> ${text}`;
}

function handshakeLines(handshake: Handshake): string[] {
  if (!handshake.done) return [`TLS failed: ${handshake.problem.message}`];
  const { version, cipher, bits, group, chain } = handshake.session;
  const strength = bits === undefined ? '' : `, ${bits} bits`;
  return [
    `TLS started with ${version}, ${cipher}${strength}${group === undefined ? '' : `, ${group}`}`,
    'TLS no local certificate set',
    `TLS peer ${chain[0]?.subject ?? 'without a certificate'}`,
  ];
}
function speakReport(speak: Speaker, { conversation, findings, sound }: ServerReport): void {
  speak.line('=== Connection closed.');
  speak.line();
  if (conversation.handshake?.done === true) speakSession(speak, conversation.handshake.session);
  for (const finding of findings) speakFinding(speak, finding);
  speak.line();
  speak.line(sound ? speak.style.good('Encryption is sound.') : speak.style.bad('Encryption is not sound.'));
}

function speakSession(speak: Speaker, session: TlsSession): void {
  const row = (label: string, value: string): void => {
    speak.line(`${speak.style.dim(label.padEnd(12))} ${value}`);
  };
  row('version', session.version);
  row('cipher', session.cipher);
  row('key exchange', session.group ?? 'not told');
  for (const [index, certificate] of session.chain.entries()) {
    row(index === 0 ? 'certificate' : 'issued by', certificate.subject || '(no subject)');
    row('  names', certificate.names.join(', ') || 'none: a client has nothing to compare');
    if (!certificate.selfSigned) row('  issuer', certificate.issuer);
    row('  valid', `${moment(certificate.notBefore)} to ${moment(certificate.notAfter)}`);
    row('  key', `${certificate.key.text}, signed with ${certificate.signature}`);
    row('  SHA-256', certificate.fingerprint);
  }
  speak.line();
}

function speakFinding(speak: Speaker, { grade, text, fix }: Finding): void {
  const marks = {
    good: speak.style.good('ok  '),
    warning: speak.style.warn('warn'),
    bad: speak.style.bad('BAD '),
  };
  speak.line(`${marks[grade]} ${text}`);
  if (fix !== undefined) speak.line(`     ${speak.style.dim(fix)}`);
}

function moment(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

function documentOf(report: ServerReport): Readonly<Record<string, unknown>> {
  const { facts, handshake } = report.conversation;
  const session = handshake?.done === true ? handshake.session : undefined;
  return {
    sound: report.sound,
    starttls: facts.inClear?.has('STARTTLS') ?? null,
    version: session?.version ?? null,
    cipher: session?.cipher ?? null,
    bits: session?.bits ?? null,
    group: session?.group ?? null,
    trusted: session === undefined ? null : session.distrust === undefined,
    chain: (session?.chain ?? []).map(({ notBefore, notAfter, key, pem: _pem, ...certificate }) => ({
      ...certificate,
      notBefore: new Date(notBefore).toISOString(),
      notAfter: new Date(notAfter).toISOString(),
      key: key.text,
    })),
    versions: Object.fromEntries(report.versions.map(({ version, answer }) => [version, answer])),
    login: facts.login ?? null,
    sender: facts.sender ?? null,
    recipient: facts.recipient ?? null,
    findings: report.findings,
  };
}
