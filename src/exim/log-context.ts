/** What a log does not tell about itself, and how its times are read. */
import type { Stamp } from './event.ts';
import { localTime } from './log-time.ts';

export interface LogContext {
  /** Milliseconds since 1970 of a line's time. */
  readonly at: (stamp: Stamp) => number | undefined;
  /**
   * Whether a HELO may hold anything (helo_accept_junk_hosts). False where Exim's configuration is
   * known not to set it; true, the default, takes no address from a line in which a HELO could have
   * imitated one.
   */
  readonly junkHelo: boolean;
}

export interface LogContextOptions {
  /** IANA name of the zone in which Exim logs; the machine's own without it. */
  readonly timeZone?: string;
  readonly junkHelo?: boolean;
  /** Milliseconds since 1970: what tells the year of a syslog line, which has none. */
  readonly now?: number;
}

export function logContext(options: LogContextOptions = {}): LogContext {
  return { at: localTime(options.timeZone, options.now), junkHelo: options.junkHelo ?? true };
}
