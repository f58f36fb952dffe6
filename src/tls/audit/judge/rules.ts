/** All rules, in the order in which they are reported among equals. */
import { certificateRules } from './certificate-rules.ts';
import { cipherRules } from './cipher-rules.ts';
import { flawRules } from './flaw-rules.ts';
import { policyRules } from './policy-rules.ts';
import { protocolRules } from './protocol-rules.ts';
import { sessionRules } from './session-rules.ts';
import type { Rule } from './rule.ts';

export const rules: readonly Rule[] = [
  ...sessionRules,
  ...protocolRules,
  ...cipherRules,
  ...certificateRules,
  ...flawRules,
  ...policyRules,
];
