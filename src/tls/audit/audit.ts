/** One server's whole audit: asked, its domain's policies looked up, judged. */
import type { Resolver } from '../../host/ask-dns.ts';
import { ok, type Result } from '../../base/result.ts';
import type { AuditDocument } from './audit-document.ts';
import { auditServer, type AuditRequest } from './audit-server.ts';
import { judge } from './judge/judge.ts';
import type { ProfileId } from './judge/profiles.ts';
import { findPolicy } from './policy/find-policy.ts';

export interface WholeAudit extends AuditRequest {
  readonly profile: ProfileId;
  /** The domain whose mail the server receives. */
  readonly domain?: string;
  /** `none`: the DNS is not asked. */
  readonly resolver: Resolver | 'none' | undefined;
  /** Where MTA-STS policies are fetched; 443. */
  readonly policyPort?: number;
}

const dnsTimeoutMs = 3000;

export async function audit(request: WholeAudit): Promise<Result<AuditDocument>> {
  const audited = await auditServer(request);
  if (!audited.ok) return audited;
  const { facts, chains } = audited.value;
  const { resolver, domain, endpoint, roots, clock } = request;
  const named = request.serverName !== undefined;
  const policy =
    resolver === 'none' || !named
      ? null
      : await findPolicy({
          resolver,
          timeoutMs: dnsTimeoutMs,
          roots,
          host: endpoint.host.replace(/\.$/, ''),
          port: endpoint.port,
          domain,
          chains: chains.map(({ certificates }) => certificates),
          policyPort: request.policyPort ?? 443,
        });
  const unknown = [...facts.unknown];
  if (policy?.dane.answer === 'unknown') unknown.push({ what: 'DANE', reason: policy.dane.evidence });
  if (policy?.mtaSts.answer === 'unknown') unknown.push({ what: 'MTA-STS', reason: policy.mtaSts.evidence });
  if (policy?.tlsRpt.answer === 'unknown') unknown.push({ what: 'TLS-RPT', reason: policy.tlsRpt.evidence });
  return ok(judge({ ...facts, policy, unknown }, request.profile, clock.now()));
}
