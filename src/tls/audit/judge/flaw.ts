/** The evidence of a known flaw that the server has. */
import type { Rule } from './rule.ts';

export function flaw(name: string): Rule['broken'] {
  return ({ vulnerabilities }) => {
    const verdict = vulnerabilities[name];
    return verdict?.answer === 'yes' ? verdict.evidence : undefined;
  };
}
