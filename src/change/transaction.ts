/** What all steps of one change share. */
import type { Clock } from '../host/clock.ts';
import type { Person } from '../host/person.ts';
import type { Reason } from '../history/reason.ts';
import type { Repository } from '../history/repository.ts';
import type { Step } from './change.ts';
import type { Service } from './service.ts';

export interface Transaction {
  readonly repository: Repository;
  readonly service: Service;
  readonly person: Person;
  readonly reason: Reason;
  readonly clock: Clock;
  /** The private folder of journal and rehearsal. */
  readonly place: string;
  readonly tell: (phase: Step['phase'], evidence: string) => void;
  /** Called between any two steps; a test may end the process there. */
  readonly reached: (point: Point) => void;
  /** The machine is starting: what should run does not yet, and others will start it. */
  readonly booting: boolean;
}

export const points = [
  'recovered',
  'drift recorded',
  'rehearsed',
  'journalled',
  'first edit made',
  'applied',
  'reloaded',
  'proved',
  'marked proved',
  'recorded',
  'waiting',
  'dropped',
] as const;
export type Point = (typeof points)[number];
