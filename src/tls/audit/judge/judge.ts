/** Facts judged: findings by severity, every profile, and a grade (docs/audit-grades.md has the table). */
import type { AuditDocument, AuditFacts, Finding, Judgement, Severity } from '../audit-document.ts';
import { fixFor } from './fixes.ts';
import { judgeProfile } from './judge-profile.ts';
import { type ProfileId, profiles } from './profiles.ts';
import { rules } from './rules.ts';

export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** `profile`: the one whose demands become findings; all are judged. */
export function judge(facts: AuditFacts, profile: ProfileId, now: number): AuditDocument {
  const judged = profiles.map((each) => [each, judgeProfile(facts, each)] as const);
  const findings: Finding[] = rules.flatMap((rule) => {
    const evidence = rule.broken(facts, now);
    if (evidence === undefined) return [];
    const { id, title, source, severity } = rule;
    return [
      {
        id,
        severity: typeof severity === 'string' ? severity : severity(facts),
        title,
        evidence,
        source,
        fix: rule.fix === undefined ? null : fixFor(rule.fix, facts.software),
      },
    ];
  });
  const [chosen, judgement] = judged.find(([{ id }]) => id === profile) ?? [];
  if (
    chosen !== undefined &&
    judgement !== undefined &&
    judgement.failed.length > 0 &&
    facts.versions.length > 0
  ) {
    findings.push({
      id: `profile-${profile}`,
      severity: 'low',
      title: `it does not keep to ${chosen.title}`,
      evidence: judgement.failed.join('; '),
      source: chosen.source,
      fix: fixFor('policy', facts.software),
    });
  }
  const sorted = findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  return {
    ...facts,
    findings: sorted,
    profiles: Object.fromEntries(judged.map(([{ id }, found]) => [id, found])),
    grade: grade(facts, sorted),
  };
}

const letters: Readonly<Record<Severity, string>> = {
  critical: 'F',
  high: 'D',
  medium: 'C',
  low: 'B',
  info: 'A',
};

function grade(facts: AuditFacts, findings: readonly Finding[]): Judgement['grade'] {
  const [worst] = findings;
  if (facts.smtp.starttls === 'unknown') return { grade: '?', because: facts.smtp.evidence };
  const open = facts.versions.filter(({ accepted }) => accepted === 'unknown').map(({ version }) => version);
  const letter = worst === undefined ? 'A' : letters[worst.severity];
  // What is not known can only make it worse, unless it is as bad as it gets.
  const doubt = open.length > 0 && letter !== 'F' ? `; ${open.join(', ')} could not be asked` : '';
  const mark = doubt === '' ? '' : '?';
  if (worst !== undefined && worst.severity !== 'info') {
    return { grade: `${letter}${mark}`, because: `${worst.title}${doubt}` };
  }
  const bound = facts.policy?.dane.answer === 'match' || facts.policy?.mtaSts.answer === 'enforce';
  return bound
    ? { grade: `A+${mark}`, because: `nothing is wrong, and senders can know it (DANE or MTA-STS)${doubt}` }
    : { grade: `A${mark}`, because: `nothing is wrong${doubt}` };
}
