/**
 * What the server shows and hands on, as it needs it: the agent gives it the real ones, a test its own. The
 * server itself reads no log, no history and no firewall.
 */
import type { Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import type { Notice } from '../notice/notice.ts';
import type { FolderLook } from '../notice/notices-of-history.ts';
import type { Store } from '../store/store.ts';
import type { AddressFacts, AllowOrder, ApiAllowed, BanOrder } from './api/guard.ts';
import type { ClearPeer, PortReport } from './api/encryption.ts';
import type {
  ApiRecord,
  Explanation,
  FolderState,
  RecordsQuery,
  RecordText,
  UndoOrder,
  WaitingChange,
  WhyQuery,
} from './api/history.ts';
import type { ReplayChoices, Replayed, ReplayOrder } from './api/replay.ts';
import type { LiveFeed } from './live-feed.ts';

export interface Sources {
  readonly clock: Clock;
  readonly store: Store;
  readonly feed: LiveFeed;
  readonly guard: GuardHands;
  readonly history: HistoryHands;
  /** The latest records of each history, as they were seen last. */
  readonly recorded: () => readonly Pick<FolderLook, 'folder' | 'records'>[];
  readonly replay: ReplayHands;
  /** What the last live test of each port saw. */
  readonly ports: () => readonly PortReport[];
  /** Whose mail comes or goes in clear, those with most of it first. */
  readonly clear: () => readonly ClearPeer[];
  /** Tests and audits the ports now, and not when it is due. */
  readonly testAgain: () => void;
  /** Notices that need a person, and have not been followed by their end. */
  readonly needed: () => readonly Notice[];
  readonly host: string;
  readonly version: string;
  /** What has been seen and done since the agent started, by kind. */
  readonly counted: () => Readonly<Record<string, number>>;
  /** Measures of the agent's own, by name without its prefix. */
  readonly gauges: () => Readonly<Record<string, number>>;
}

export interface GuardHands {
  /** How it guards, in words: `nft`, or `null` where it only observes. */
  readonly firewall: string;
  readonly isUnderAttack: () => boolean;
  readonly ban: (order: BanOrder, by: string) => Promise<Result<string>>;
  readonly unban: (target: string, by: string) => Promise<Result<string>>;
  /** Never bans it from now on, and takes back the bans that hit it. */
  readonly allow: (order: AllowOrder, by: string) => Promise<Result<string>>;
  readonly disallow: (target: string, by: string) => Promise<Result<string>>;
  /** By hand, the newest first; those of the settings stand there. */
  readonly allowed: () => Result<readonly ApiAllowed[]>;
  /** All that is known of an address; of a network, no more than what is stored of it. */
  readonly explain: (address: string) => Pick<AddressFacts, 'said' | 'sightings' | 'needed'>;
}

/** Besides the guard that runs: it is not held up, and nothing of it is changed. */
export interface ReplayHands {
  readonly choices: () => Promise<ReplayChoices>;
  readonly run: (order: ReplayOrder) => Promise<Result<Replayed>>;
}

/** The keeper, asked for what only root can read or change. */
export interface HistoryHands {
  readonly folders: () => Promise<Result<readonly FolderState[]>>;
  readonly changes: () => Promise<Result<readonly WaitingChange[]>>;
  readonly records: (query: RecordsQuery) => Promise<Result<readonly ApiRecord[]>>;
  readonly record: (query: {
    readonly folder: string;
    readonly commit: string;
  }) => Promise<Result<RecordText>>;
  readonly why: (query: WhyQuery) => Promise<Result<readonly ApiRecord[]>>;
  readonly explain: (order: Explanation, by: string) => Promise<Result<string>>;
  /** As a change that waits to be kept. */
  readonly undo: (order: UndoOrder, by: string) => Promise<Result<string>>;
  readonly settle: (what: 'confirm' | 'abort', id: string, by: string) => Promise<Result<string>>;
}
