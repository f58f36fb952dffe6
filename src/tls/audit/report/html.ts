/** The audit as one page: no script, nothing loaded from elsewhere, and it prints well. */
import type { AuditDocument, Finding } from '../audit-document.ts';
import { escapeMarkup as text } from './escape-markup.ts';

export function htmlReport(documents: readonly AuditDocument[]): string {
  const names = documents.map(({ target }) => `${target.host}:${target.port}`).join(', ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Encryption of ${text(names)}</title>
<style>${style}</style>
</head>
<body>
${documents.map(page).join('\n')}
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --bad: #b3261e; --warn: #8a5a00; --good: #1b6e3c; --line: #8886; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem }
.grade { float: right; font-size: 3rem; font-weight: 700; line-height: 1; border: .2rem solid; border-radius: .6rem; padding: .4rem .8rem }
.critical, .high, .no { color: var(--bad) } .medium { color: var(--warn) } .low, .info, .unknown { opacity: .8 } .yes { color: var(--good) }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; border-bottom: 1px solid var(--line); padding: .25rem .6rem .25rem 0; vertical-align: top }
code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere } article { border-left: .3rem solid; padding-left: .8rem; margin: 1rem 0 }
article p, article h3 { margin: .1rem 0; color: CanvasText } article h3 { font-size: 1rem }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --warn: #ffc46b; --good: #7ddc9f } }
@media print { body { font-size: 11px; max-width: none; margin: 0 } article, tr { break-inside: avoid } section + section { break-before: page } }
`;

function page(document: AuditDocument): string {
  const { target, grade, at, seconds, software, versions, chains, findings, unknown, vulnerabilities } =
    document;
  const worst = findings[0]?.severity ?? 'yes';
  return `<section>
<p class="grade ${text(worst === 'info' ? 'yes' : worst)}">${text(grade.grade)}</p>
<h1>${text(target.host)} port ${target.port}</h1>
<p>${text(grade.because)}.<br>${text(software ?? 'software not told')}, ${text(at)}, ${seconds.toFixed(1)} s, ${document.connections.made} connections</p>
<h2>Findings</h2>
${findings.map(finding).join('\n') || '<p class="yes">Nothing is wrong.</p>'}
<h2>Versions and suites</h2>
<table><tr><th>version</th><th>suite</th><th>bits</th><th>forward secrecy</th></tr>
${versions.flatMap(rows).join('\n')}
</table>
<h2>Groups and signatures</h2>
<table>${versions.map(({ version, groups, signatures }) => (groups === null && signatures === null ? '' : `<tr><td>${text(version)}</td><td>${text(groups?.join(', ') ?? '')}</td><td>${text(signatures?.join(', ') ?? '')}</td></tr>`)).join('')}</table>
<h2>Certificates</h2>
${chains.map(({ key, certificates, distrust }) => `<p>${text(key)}: ${distrust === null ? '<span class="yes">trusted</span>' : `<span class="no">${text(distrust)}</span>`}</p><ol>${certificates.map((each) => `<li>${text(each.subject || '(no subject)')}<br>${text(each.names.join(', '))}<br>${text(each.key)}, ${text(each.signature)}, ${text(each.notBefore.slice(0, 10))} to ${text(each.notAfter.slice(0, 10))}<br><code>${text(each.sha256)}</code></li>`).join('')}</ol>`).join('\n') || '<p>None was seen.</p>'}
<h2>Known flaws</h2>
<table>${Object.entries(vulnerabilities)
    .map(
      ([name, { answer, evidence, derived }]) =>
        `<tr><td>${text(name)}</td><td class="${answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'unknown'}">${answer}${derived === true ? ' (derived)' : ''}</td><td>${text(evidence)}</td></tr>`,
    )
    .join('\n')}</table>
<h2>Profiles</h2>
<table>${Object.entries(document.profiles)
    .map(
      ([name, { passes, failed }]) =>
        `<tr><td>${text(name)}</td><td class="${passes}">${passes}</td><td>${text(failed.join('; '))}</td></tr>`,
    )
    .join('\n')}</table>
${unknown.length === 0 ? '' : `<h2>Not known</h2><ul>${unknown.map(({ what, reason }) => `<li>${text(what)}: ${text(reason)}</li>`).join('')}</ul>`}
</section>`;
}

function finding({ id, severity, title, evidence, source, fix }: Finding): string {
  return `<article class="${severity}"><h3>${severity}: ${text(title)}</h3><p>${text(evidence)}</p>${fix === null ? '' : `<p>Fix: ${text(fix)}</p>`}<p><small>${text(id)}; ${text(source)}</small></p></article>`;
}

function rows({ version, accepted, suites, order, evidence }: AuditDocument['versions'][number]): string[] {
  if (accepted !== 'yes')
    return [
      `<tr><td>${text(version)}</td><td colspan="3">${accepted === 'no' ? 'refused' : 'unknown'}: ${text(evidence)}</td></tr>`,
    ];
  return suites.map(
    ({ name, bits, forwardSecret }, index) =>
      `<tr><td>${index === 0 ? `${text(version)} (order: ${order})` : ''}</td><td><code>${text(name)}</code></td><td>${bits}</td><td class="${forwardSecret ? 'yes' : 'no'}">${forwardSecret ? 'yes' : 'no'}</td></tr>`,
  );
}
