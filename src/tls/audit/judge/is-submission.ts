import type { AuditFacts } from '../audit-document.ts';

/** On 25 other servers come, and most take any certificate; elsewhere people log in. */
export function isSubmission({ target }: Pick<AuditFacts, 'target'>): boolean {
  return target.implicit || target.port === 587 || target.port === 465;
}
