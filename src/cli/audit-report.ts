/** The audit for people: a summary first, then what is behind it, then what to do. */
import type { Answer, AuditDocument, Chain, Severity, VersionFacts } from '../tls/audit/audit-document.ts';
import type { Speaker } from './speak.ts';

export function speakAudit(speak: Speaker, document: AuditDocument): void {
  const { target, grade, software, seconds, connections } = document;
  const { style } = speak;
  speak.line(
    `${style.bold(`${target.host} port ${target.port}`)}  ${style.dim(`${target.address}, ${software ?? 'software not told'}, ${seconds.toFixed(1)} s, ${connections.made} connections`)}`,
  );
  speak.line();
  const paint = gradeStyle(speak, document);
  speak.line(`${paint(grade.grade.padEnd(3))} ${grade.because}`);
  speak.line();
  for (const [light, what, words] of lights(document))
    speak.line(`${mark(speak, light)} ${what.padEnd(14)} ${words}`);
  if (document.versions.length > 0) {
    suites(speak, document.versions);
    groups(speak, document.versions);
    chains(speak, document.chains);
    flaws(speak, document);
    profiles(speak, document);
  }
  findings(speak, document);
  for (const { what, reason } of document.unknown)
    speak.line(`${style.warn('?')}    not known: ${what}: ${reason}`);
}

type Light = 'good' | 'bad' | 'warn' | 'none';

function mark({ style }: Speaker, light: Light): string {
  if (light === 'good') return style.good('ok  ');
  if (light === 'bad') return style.bad('BAD ');
  return light === 'warn' ? style.warn('warn') : style.dim('–   ');
}

function gradeStyle({ style }: Speaker, { findings: [worst] }: AuditDocument): (text: string) => string {
  if (worst === undefined || worst.severity === 'info' || worst.severity === 'low') return style.good;
  return worst.severity === 'medium' ? style.warn : style.bad;
}

/** One line a subject; each is as bad as the worst finding about it. */
function lights(document: AuditDocument): [Light, string, string][] {
  const about = (pattern: RegExp): Light => {
    const found = new Set(
      document.findings.filter(({ id }) => pattern.test(id)).map(({ severity }) => severity),
    );
    if (found.has('critical') || found.has('high')) return 'bad';
    return found.has('medium') || found.has('low') ? 'warn' : 'good';
  };
  const { versions, features, chains: served, smtp, vulnerabilities, policy } = document;
  const lines: [Light, string, string][] = [
    [about(/^starttls|^no-handshake|^auth/), 'STARTTLS', `${smtp.starttls}; ${smtp.evidence}`],
  ];
  if (versions.length === 0) return lines;
  const spoken = versions.filter(({ accepted }) => accepted === 'yes');
  const all = spoken.flatMap((version) => version.suites);
  const hit = Object.entries(vulnerabilities).filter(([, { answer }]) => answer === 'yes');
  lines.push(
    [about(/^ssl|^tls1|^no-tls/), 'versions', spoken.map(({ version }) => version).join(', ') || 'none'],
    [
      about(/suite|static-rsa|forward|prime/),
      'suites',
      `${new Set(all.map(({ name }) => name)).size}, ${new Set(all.filter(({ forwardSecret }) => forwardSecret).map(({ name }) => name)).size} with forward secrecy`,
    ],
    [
      about(/^certificate|^weak-key|^weak-cert|^chain|^must|^throw/),
      'certificate',
      served
        .map(
          ({ key, certificates, trusted }) =>
            `${certificates[0]?.key ?? key}${trusted === 'yes' ? ', trusted' : ''}`,
        )
        .join('; ') || 'none seen',
    ],
    [
      hit.some(([, { derived }]) => derived !== true) || about(/^drown|^freak|^poodle|^small-prime/) === 'bad'
        ? 'bad'
        : hit.length > 0
          ? 'warn'
          : 'good',
      'known flaws',
      hit.length === 0 ? 'none' : hit.map(([name]) => name).join(', '),
    ],
    [
      about(/renegotiation|master-secret|scsv|ticket-l|early/),
      'protocol',
      `extended master secret ${features.extendedMasterSecret}, fallback SCSV ${features.fallbackScsv}, post-quantum ${features.postQuantum}`,
    ],
  );
  if (policy !== null)
    lines.push([
      policy.dane.answer === 'unknown' ? 'none' : about(/^dane|^mta|^no-transport/),
      'policy',
      `DANE ${policy.dane.answer}, MTA-STS ${policy.mtaSts.answer}, TLS-RPT ${policy.tlsRpt.answer}`,
    ]);
  return lines;
}

function suites(speak: Speaker, versions: readonly VersionFacts[]): void {
  heading(speak, 'Suites, in the order of choice');
  for (const { version, accepted, suites: list, order, evidence } of versions) {
    if (accepted !== 'yes') {
      speak.line(
        `  ${version.padEnd(8)} ${accepted === 'no' ? 'refused' : 'unknown'} ${speak.style.dim(`(${evidence})`)}`,
      );
      continue;
    }
    speak.line(
      `  ${speak.style.bold(version)} ${speak.style.dim(order === 'one' ? '' : `order of the ${order}`)}`,
    );
    for (const { code, name, openssl, bits, forwardSecret } of list) {
      const strength = bits >= 128 ? `${bits}`.padStart(5) : speak.style.bad(`${bits}`.padStart(5));
      const secrecy = forwardSecret ? speak.style.good('FS') : speak.style.warn('  ');
      speak.line(
        `    ${code}  ${name.padEnd(46)} ${strength}  ${secrecy}  ${speak.style.dim(openssl ?? '')}`,
      );
    }
  }
}

function groups(speak: Speaker, versions: readonly VersionFacts[]): void {
  heading(speak, 'Key exchange');
  for (const { version, groups: list, signatures } of versions) {
    if (list !== null) speak.line(`  ${version.padEnd(8)} groups      ${list.join(' ') || 'none'}`);
    if (signatures !== null)
      speak.line(`  ${version.padEnd(8)} signatures  ${signatures.join(' ') || 'none'}`);
  }
}

function chains(speak: Speaker, served: readonly Chain[]): void {
  heading(speak, 'Certificates');
  for (const { certificates, distrust, trusted, stapled, covers } of served) {
    for (const [
      depth,
      { subject, names, nameCount, notBefore, notAfter, key, signature, sha256 },
    ] of certificates.entries()) {
      const indent = `  ${'   '.repeat(Math.min(depth, 6))}${depth === 0 ? '' : '└─ '}`;
      const more = nameCount > names.length ? ` and ${nameCount - names.length} more` : '';
      speak.line(`${indent}${subject || '(no subject)'}`);
      const rest = ' '.repeat(indent.length);
      if (names.length > 0)
        speak.line(`${rest}${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}${more}`);
      speak.line(`${rest}${key}, ${signature}, ${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}`);
      speak.line(`${rest}${speak.style.dim(sha256)}`);
    }
    const trust =
      trusted === 'yes' ? speak.style.good('trusted') : speak.style.bad(distrust ?? 'trust unknown');
    const names = Object.entries(covers).map(
      ([name, covered]) => `${covered ? 'covers' : 'does not cover'} ${name}`,
    );
    speak.line(`  ${[trust, ...names, stapled ? 'stapled' : 'not stapled'].join('; ')}`);
  }
}

function flaws(speak: Speaker, { vulnerabilities }: AuditDocument): void {
  heading(speak, 'Known flaws');
  const paint: Readonly<Record<Answer, (text: string) => string>> = {
    yes: speak.style.bad,
    no: speak.style.good,
    unknown: speak.style.warn,
  };
  for (const [name, { answer, evidence, derived }] of Object.entries(vulnerabilities)) {
    const how = derived === true ? `${evidence} (derived, not tried)` : evidence;
    speak.line(`  ${name.padEnd(18)} ${paint[answer](answer.padEnd(8))} ${speak.style.dim(shortened(how))}`);
  }
}

function profiles(speak: Speaker, document: AuditDocument): void {
  heading(speak, 'Profiles');
  for (const [name, { passes, failed }] of Object.entries(document.profiles)) {
    const light =
      passes === 'yes'
        ? speak.style.good('kept')
        : passes === 'no'
          ? speak.style.bad('not kept')
          : speak.style.warn('unknown');
    speak.line(`  ${name.padEnd(21)} ${light} ${speak.style.dim(shortened(failed.join('; '), 80))}`);
  }
}

function findings(speak: Speaker, { findings: found }: AuditDocument): void {
  heading(speak, 'Findings');
  const paint: Readonly<Record<Severity, (text: string) => string>> = {
    critical: speak.style.bad,
    high: speak.style.bad,
    medium: speak.style.warn,
    low: speak.style.warn,
    info: speak.style.dim,
  };
  if (found.length === 0) speak.line(`  ${speak.style.good('nothing is wrong')}`);
  for (const { id, severity, title, evidence, source, fix } of found) {
    speak.line(`  ${paint[severity](severity.padEnd(8))} ${title}`);
    speak.line(`           ${speak.style.dim(`${shortened(evidence)} (${id}; ${source})`)}`);
    if (fix !== null) speak.line(`           ${fix}`);
  }
}

function heading(speak: Speaker, text: string): void {
  speak.line();
  speak.line(speak.style.bold(text));
}

/** What the documents have whole. */
function shortened(text: string, length = 130): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
