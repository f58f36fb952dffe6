/** Findings as JUnit XML, for whatever runs tests: a test case a rule, failed where the finding is severe enough. */
import type { AuditDocument, Severity } from '../audit-document.ts';
import { severities } from '../judge/judge.ts';
import { rules } from '../judge/rules.ts';
import { escapeMarkup } from './escape-markup.ts';

/** `failOn`: findings of this severity and above are failures; what is not known is skipped. */
export function junitReport(documents: readonly AuditDocument[], failOn: Severity): string {
  const suites = documents.map((document) => suiteOf(document, failOn));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suiteOf(document: AuditDocument, failOn: Severity): string {
  const { target, findings, unknown, seconds, at } = document;
  const name = `${target.host}:${target.port}`;
  const ids = [...new Set([...rules.map(({ id }) => id), ...findings.map(({ id }) => id)])];
  let failures = 0;
  const cases = ids.map((id) => {
    const finding = findings.find((each) => each.id === id);
    const open = `    <testcase classname="${escapeMarkup(name)}" name="${escapeMarkup(id)}"`;
    if (finding === undefined) return `${open}/>\n`;
    const severe = severities.indexOf(finding.severity) <= severities.indexOf(failOn);
    const words = [finding.evidence, finding.source, finding.fix ?? '']
      .filter((line) => line !== '')
      .join('\n');
    if (!severe)
      return `${open}><system-out>${escapeMarkup(`${finding.title}\n${words}`)}</system-out></testcase>\n`;
    failures += 1;
    const message = escapeMarkup(`${finding.severity}: ${finding.title}`);
    return `${open}><failure message="${message}">${escapeMarkup(words)}</failure></testcase>\n`;
  });
  const skipped = unknown.map(
    ({ what, reason }) =>
      `    <testcase classname="${escapeMarkup(name)}" name="${escapeMarkup(`unknown: ${what}`)}">` +
      `<skipped message="${escapeMarkup(reason)}"/></testcase>\n`,
  );
  const counts = `tests="${cases.length + skipped.length}" failures="${failures}" skipped="${skipped.length}"`;
  const head = `  <testsuite name="${escapeMarkup(name)}" ${counts} time="${seconds.toFixed(3)}" timestamp="${at}">\n`;
  return `${head}${cases.join('')}${skipped.join('')}  </testsuite>\n`;
}
