/** What dates need to know of the world: the time, and the local time zone. */
export interface Calendar {
  /** Seconds since 1970. */
  now(): number;
  /** The local date and time of an instant, as if it were UTC: milliseconds. */
  local(seconds: number): number;
  /** The instant of a local date and time: seconds. */
  instant(local: number): number;
}
