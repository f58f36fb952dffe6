/** What stands between the bots and the mail server in a drill, and what it costs. */
import type { Result } from '../../base/result.ts';
import type { GuardRecord } from '../../guard/record.ts';
import type { Machine } from '../machine.ts';

export const defenceNames = ['none', 'fail2ban', 'portreeve'] as const;
export type DefenceName = (typeof defenceNames)[number];

export type StartDefence = (
  machine: Machine,
  tell: (record: GuardRecord) => void,
) => Promise<Result<Defence>>;

export interface Defence {
  /** Everything that was banned since the start, whether still in force or not. */
  bans(): Promise<Result<readonly TimedBan[]>>;
  usage(): Promise<Result<Usage>>;
  /** What it has to say of an address, where it can. */
  explain?(address: string): Promise<Result<readonly string[]>>;
  stop(): Promise<void>;
}

export interface TimedBan {
  readonly address: string;
  /** The network that was banned with it. */
  readonly network?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Usage {
  /** Of the process and of the children that it has waited for. */
  readonly cpuSeconds: number;
  /** The most memory that the process ever had resident. */
  readonly rssMiB: number;
}
