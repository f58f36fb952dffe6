/** A jail as it is to be run: whose failures count, in which logs, how many, and what follows. */
import type { Network } from '../../base/network.ts';
import type { FilterDefinition } from '../config/filter-definition.ts';
import type { FilterRules } from '../filter/filter-rules.ts';
import type { BanTime } from './ban-time.ts';

export interface Jail {
  readonly name: string;
  /** As it was written: `exim[mode=aggressive]`. */
  readonly filter: string;
  readonly rules: FilterRules;
  readonly definition: FilterDefinition;
  /** Patterns of file names; files that appear later count too. Empty for the journal. */
  readonly logs: readonly string[];
  /** Matches of the journal's entries, for journalctl; undefined for files. */
  readonly journal: readonly string[] | undefined;
  /** Whether a name in place of an address is looked up. */
  readonly looksUpNames: boolean;
  readonly encoding: string;
  /** Minutes ahead of UTC of lines that do not say; undefined for this machine's. */
  readonly zone: number | undefined;
  readonly maxRetry: number;
  /** Seconds. */
  readonly findTime: number;
  readonly banTime: BanTime;
  readonly ignored: readonly Network[];
  readonly ignoreSelf: boolean;
  /** An argument vector, with tags such as `<ip>` in it; status 0 means: ignore. */
  readonly ignoreCommand: readonly string[] | undefined;
  readonly ports: 'all' | readonly number[];
  /** What of its configuration is done otherwise here. */
  readonly changed: readonly string[];
  /** What of its configuration is not done here. */
  readonly left: readonly string[];
}
