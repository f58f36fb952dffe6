/** The bans that fail2ban keeps in its database (fail2ban.sqlite3), of those in force the last of each target. */
import { type Network, parseNetwork } from '../../base/network.ts';
import { ok, type Result } from '../../base/result.ts';
import { readRows } from '../../host/read-rows.ts';

export interface KeptBan {
  readonly jail: string;
  readonly target: Network;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly until: number;
  /** Which ban of this target it is. */
  readonly count: number;
  readonly evidence: readonly string[];
}

/** A ban without end is kept for so long: nftables knows none. */
const forEverMs = 10 * 365 * 86_400_000;
const mostEvidence = 5;
const longestEvidence = 1000;

/** None where there is no database. `now` in milliseconds. */
export async function keptBans(path: string, now: number): Promise<Result<readonly KeptBan[]>> {
  const rows = await readRows(
    path,
    'SELECT ip, jail, timeofban, bantime, bancount, data FROM bips ORDER BY timeofban',
  );
  if (!rows.ok) return rows;
  const bans: KeptBan[] = [];
  for (const row of rows.value ?? []) {
    const target = parseNetwork(String(row['ip']));
    const began = Number(row['timeofban']) * 1000;
    const seconds = Number(row['bantime']);
    const until = seconds < 0 ? now + forEverMs : began + seconds * 1000;
    if (target === undefined || !(until > now) || !Number.isFinite(until)) continue;
    bans.push({
      jail: String(row['jail']),
      target,
      began,
      until,
      count: Math.max(1, Number(row['bancount']) || 1),
      evidence: evidenceOf(String(row['data'] ?? '')),
    });
  }
  return ok(bans);
}

/** The lines that fail2ban kept; in the newer of its forms as parts before, of and behind the date. */
function evidenceOf(data: string): string[] {
  let matches: unknown;
  try {
    matches = (JSON.parse(data) as { matches?: unknown } | null)?.matches;
  } catch {
    return [];
  }
  if (!Array.isArray(matches)) return [];
  return matches
    .slice(-mostEvidence)
    .map((match: unknown) =>
      (Array.isArray(match) ? match.join('') : String(match)).slice(0, longestEvidence),
    );
}
