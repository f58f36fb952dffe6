/** What is in an audit and was not in an earlier one of the same server: findings by id. */
import type { AuditDocument, Finding } from './audit-document.ts';

export type Baseline = ReadonlyMap<string, ReadonlySet<string>>;

/** By `host:port`, of documents as `tls audit --json` prints them. */
export function baselineOf(
  documents: readonly {
    readonly target: { host: string; port: number };
    readonly findings: readonly { id: string }[];
  }[],
): Baseline {
  return new Map(
    documents.map(({ target, findings }) => [
      `${target.host}:${target.port}`,
      new Set(findings.map(({ id }) => id)),
    ]),
  );
}

export function newFindings({ target, findings }: AuditDocument, baseline: Baseline): Finding[] {
  const before = baseline.get(`${target.host}:${target.port}`);
  return findings.filter(({ id }) => before?.has(id) !== true);
}
