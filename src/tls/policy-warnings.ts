/** What a policy asks of the certificate, where it is asked in vain. */
import type { Certificate } from '../host/certificate.ts';
import type { PolicyName } from './policy.ts';

const day = 86_400_000;

export function policyWarnings(policy: PolicyName, { key, notBefore, notAfter }: Certificate): string[] {
  const warnings: string[] = [];
  const days = Math.round((notAfter - notBefore) / day);
  if (policy === 'modern' && key.kind !== 'EC') {
    warnings.push(`Mozilla's modern asks for a key on P-256 or P-384: this one is ${key.text}`);
  }
  if (policy === 'ncsc' && key.kind === 'RSA' && key.bits < 3072) {
    warnings.push(`the NCSC phases keys of less than RSA 3072 out: this one is ${key.text}`);
  }
  const longest = policy === 'modern' ? 90 : policy === 'intermediate' ? 366 : undefined;
  if (longest !== undefined && days > longest) {
    warnings.push(
      `Mozilla's ${policy} asks for certificates of at most ${longest} days: this one has ${days}`,
    );
  }
  return warnings;
}
