/** What an audit says otherwise than the truth, where it does not say that it does not know. */
import type { AuditDocument } from '../../src/tls/audit/audit-document.ts';

export function wrongAnswers(document: AuditDocument, truth: AuditDocument): string[] {
  const doubts = (word: string): boolean => document.unknown.some(({ what }) => what.includes(word));
  const wrong: string[] = [];
  for (const { version, accepted, suites, groups, signatures } of document.versions) {
    const real = truth.versions.find((each) => each.version === version);
    if (real === undefined) continue;
    if (accepted !== 'unknown' && accepted !== real.accepted) wrong.push(`${version}: ${accepted}`);
    const missing = (
      name: string,
      ours: readonly string[] | null,
      theirs: readonly string[] | null,
    ): void => {
      if (accepted === 'unknown' || ours === null || doubts(`${name} of ${version}`)) return;
      const lost = (theirs ?? []).filter((each) => !ours.includes(each));
      if (lost.length > 0) wrong.push(`${version} lacks ${lost.join(' ')}`);
    };
    missing(
      'suites',
      suites.map(({ name }) => name),
      real.suites.map(({ name }) => name),
    );
    missing('the groups', groups, real.groups);
    missing('the signature schemes', signatures, real.signatures);
  }
  for (const [name, value] of Object.entries(document.features)) {
    const real = truth.features[name as keyof AuditDocument['features']];
    if (value !== 'unknown' && value !== null && value !== real) wrong.push(`${name}: ${String(value)}`);
  }
  for (const [name, { answer }] of Object.entries(document.vulnerabilities)) {
    if (answer !== 'unknown' && answer !== truth.vulnerabilities[name]?.answer)
      wrong.push(`${name}: ${answer}`);
  }
  return wrong;
}
