/**
 * What the guard would have done over a log, in the log's own time: the bans, what of the attack they
 * would have kept out, and their harm. What a banned address did during its ban would not have happened:
 * its sightings are prevented, not judged, and its mail is harm, not trust.
 *
 * The live agent judges by the log's own time too, so it bans the same. Slot holders are in no log: nobody is
 * banned for that here.
 */
import type { LogEvent } from '../exim/event.ts';
import type { BanInForce } from './ban-ledger.ts';
import type { Guard } from './guard.ts';
import type { LoginAlert } from './login-watch.ts';
import type { Incident } from './incident.ts';
import type { Verdict } from './verdict.ts';

export interface ReplayedBan extends Verdict {
  readonly at: number;
  /** Messages that were accepted from it before, as far as is remembered. */
  readonly mailBefore: number;
  /** Sightings during the ban. */
  readonly prevented: number;
  /** Messages that were accepted from it during the ban, and would not have been. */
  readonly mailLost: number;
}

export interface ReplayReport {
  /** Times of the first and the last event. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly sightings: number;
  readonly prevented: number;
  readonly mail: number;
  readonly mailLost: number;
  readonly bans: readonly ReplayedBan[];
  readonly alerts: readonly (LoginAlert & { readonly at: number })[];
  readonly incidents: readonly Incident[];
}

interface Made {
  readonly verdict: Verdict & { readonly at: number };
  readonly ban: BanInForce;
}

export class Replay {
  readonly #guard: Guard;
  readonly #made: Made[] = [];
  readonly #alerts: (LoginAlert & { at: number })[] = [];
  readonly #incidents: Incident[] = [];
  #from: number | undefined;
  #to: number | undefined;
  #sightings = 0;
  #mail = 0;

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  see(event: LogEvent, line: string): void {
    const now = event.at ?? this.#to;
    if (now === undefined) return;
    this.#from ??= now;
    this.#to = now;
    const over = this.#guard.incidents.take(now);
    if (over !== undefined) this.#incidents.push(over);
    if (event.kind === 'arrival' && event.peer !== undefined) this.#mail += 1;
    const { sighting, alert, verdict, ban } = this.#guard.take(event, line, now);
    if (sighting !== undefined) this.#sightings += 1;
    if (alert !== undefined) this.#alerts.push({ at: now, ...alert });
    if (verdict !== undefined && ban !== undefined)
      this.#made.push({ verdict: { at: now, ...verdict }, ban });
  }

  report(): ReplayReport {
    const last = this.#guard.incidents.take(this.#to ?? 0, true);
    const bans = this.#made.map(({ verdict, ban }) => ({
      ...verdict,
      mailBefore: ban.mailBefore,
      prevented: ban.attempts,
      mailLost: ban.mailLost,
    }));
    return {
      from: this.#from,
      to: this.#to,
      sightings: this.#sightings,
      prevented: bans.reduce((sum, { prevented }) => sum + prevented, 0),
      mail: this.#mail,
      mailLost: bans.reduce((sum, { mailLost }) => sum + mailLost, 0),
      bans,
      alerts: this.#alerts,
      incidents: [...this.#incidents, ...(last === undefined ? [] : [last])],
    };
  }
}
