/**
 * What is wrong whatever profile one keeps to. A rule looks at the facts and returns its evidence, or nothing.
 * Severity is for mail: `critical`, mail goes in clear or anyone can read it; `high`, an active attacker can;
 * `medium`, forbidden by an RFC, or breaks with some peers; `low`, not recommended; `info`, good to know.
 */
import type { AuditFacts, Severity } from '../audit-document.ts';
import type { FixKind } from './fixes.ts';

export interface Rule {
  readonly id: string;
  readonly severity: Severity | ((facts: AuditFacts) => Severity);
  readonly title: string;
  readonly source: string;
  readonly fix?: FixKind;
  readonly broken: (facts: AuditFacts, now: number) => string | undefined;
}
