/** `portreeve tls test`: a STARTTLS session as swaks shows it, and a verdict on it. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok, type Result } from '../../base/result.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import { systemClock } from '../../host/clock.ts';
import type { Handshake } from '../../host/connection.ts';
import { readText } from '../../host/files.ts';
import { ownName } from '../../host/own-name.ts';
import { systemRoots } from '../../host/system-roots.ts';
import type { TlsSession } from '../../host/tls-session.ts';
import type { TranscriptLine } from '../../tls/dialogue.ts';
import { isHostName, parseTarget } from '../../tls/target.ts';
import { type ServerReport, testServer } from '../../tls/test-server.ts';
import type { Finding } from '../../tls/verdict.ts';
import { act } from '../act.ts';
import type { Speaker } from '../speak.ts';

const hostName = z.string().refine(isHostName, 'needs a host name');
const oneLine = z
  .string()
  .max(255)
  .regex(/^[^\r\n\0]*$/, 'needs one line of text');

const options = z.object({
  implicit: z.boolean().default(false),
  ca: z.string().optional(),
  name: hostName.optional(),
  helo: z
    .string()
    .regex(/^[\w.:[\]-]{1,255}$/, 'needs a host name or an address in brackets')
    .optional(),
  authUser: oneLine.optional(),
  authPassword: oneLine.default(''),
});

export function tlsTest(): Command {
  return new Command('test')
    .description('show a STARTTLS session with a mail server and judge its encryption')
    .argument('<host[:port]>', 'the server; the port is 25, with --implicit 465')
    .option('--implicit', 'TLS from the first byte instead of STARTTLS')
    .option('--ca <file>', 'trust the authorities in this PEM file, and no others')
    .option('--name <name>', 'the name that the certificate must cover (HOST)')
    .option('--helo <name>', 'the name to greet with (the name of this machine)')
    .option('--auth-user <user>', 'try to log in under TLS')
    .option('--auth-password <password>', 'its password (empty: the server has to refuse it)')
    .action(
      act(options, async ({ speak, args: [text = ''], options: given }) => {
        const endpoint = parseTarget(text, given.implicit ? 465 : 25);
        if (!endpoint.ok) return endpoint;
        const roots = await trustedRoots(given.ca);
        if (!roots.ok) return roots;
        const { host, port } = endpoint.value;
        speak.line(`=== Trying ${host} port ${port}...`);
        const lines: string[] = [];
        const tested = await testServer({
          endpoint: endpoint.value,
          timeoutMs: 10_000,
          clock: systemClock,
          dialogue: {
            helo: given.helo ?? ownName(),
            implicit: given.implicit,
            ...(given.authUser === undefined
              ? {}
              : { login: { user: given.authUser, password: given.authPassword } }),
          },
          tls: { name: given.name ?? host, roots: roots.value },
          note: (note) => {
            speak.line(`=== ${note}`);
          },
          show: (line) => {
            lines.push(transcript(line));
            speak.line(transcript(line));
          },
          handshaken: (handshake) => {
            speak.line(`=== ${handshakeLine(handshake)}`);
          },
        });
        if (!tested.ok) return tested;
        speakReport(speak, tested.value);
        speak.document({ host, port, ...documentOf(tested.value), transcript: lines });
        return ok(tested.value.sound ? 0 : 1);
      }),
    );
}

async function trustedRoots(path: string | undefined): Promise<Result<readonly string[]>> {
  if (path === undefined) return ok(systemRoots());
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

function handshakeLine(handshake: Handshake): string {
  if (!handshake.done) return `TLS failed: ${handshake.problem.message}`;
  const { version, cipher, group } = handshake.session;
  return `TLS started with ${version}, ${cipher}${group === undefined ? '' : `, ${group}`}`;
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
    findings: report.findings,
  };
}
