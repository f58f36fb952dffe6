/** What the live guard tells as it happens: the record at the joint between agent, terminal and lab. */
import type { Problem } from '../base/problem.ts';
import type { Incident } from './incident.ts';
import type { Verdict } from './verdict.ts';

export type GuardRecord =
  | { readonly type: 'attack'; readonly at: number; readonly state: 'begun' | 'over' }
  | {
      readonly type: 'ban';
      readonly at: number;
      /** A network where it was banned by hand. */
      readonly address: string;
      readonly rule: Verdict['rule'];
      readonly seconds: number;
      readonly evidence: readonly string[];
      /** Messages that were accepted from it before. */
      readonly mailBefore: number;
      /** In the words of whoever banned it by hand, and who that was. */
      readonly reason?: string;
      readonly by?: string;
      readonly network?: string;
      readonly trust?: NonNullable<Verdict['trust']>;
    }
  | {
      readonly type: 'unban';
      readonly at: number;
      /** An address or a network. */
      readonly target: string;
      readonly by: string;
    }
  /** An attack that is over. */
  | ({ readonly type: 'incident'; readonly at: number } & Incident)
  | {
      readonly type: 'alert';
      readonly at: number;
      readonly login: string;
      readonly addresses: readonly string[];
    }
  | {
      /** Of a jail of fail2ban's, run in place. */
      readonly type: 'jail-ban';
      readonly at: number;
      readonly jail: string;
      readonly address: string;
      readonly seconds: number;
      /** Which ban of this address it is, by this jail. */
      readonly offences: number;
      readonly evidence: readonly string[];
    }
  | { readonly type: 'problem'; readonly at: number; readonly problem: Problem };
