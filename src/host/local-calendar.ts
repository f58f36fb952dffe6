/** The time, and this machine's time zone (TZ): instants are seconds since 1970, local times milliseconds as if of UTC. */
export function localCalendar(now: () => number = () => Date.now() / 1000): {
  readonly now: () => number;
  readonly local: (seconds: number) => number;
  readonly instant: (local: number) => number;
} {
  // Zones change their offset at a quarter of an hour, never within one.
  let localQuarter = Number.NaN;
  let localOffset = 0;
  let utcQuarter = Number.NaN;
  let utcOffset = 0;
  return {
    now,
    local: (seconds) => {
      const milliseconds = Math.floor(seconds * 1000);
      const quarter = Math.floor(milliseconds / quarterMs);
      if (quarter !== utcQuarter) {
        utcQuarter = quarter;
        utcOffset = asIfUtc(quarter * quarterMs) - quarter * quarterMs;
      }
      return milliseconds + utcOffset;
    },
    instant: (local) => {
      const quarter = Math.floor(local / quarterMs);
      if (quarter !== localQuarter) {
        localQuarter = quarter;
        localOffset = instantOf(quarter * quarterMs) - quarter * quarterMs;
      }
      return Math.floor((local + localOffset) / 1000);
    },
  };
}

const quarterMs = 900_000;

function asIfUtc(milliseconds: number): number {
  const at = new Date(milliseconds);
  const found = new Date(Date.UTC(2000, 0, 1, at.getHours(), at.getMinutes(), at.getSeconds()));
  found.setUTCFullYear(at.getFullYear(), at.getMonth(), at.getDate());
  return found.getTime();
}

function instantOf(local: number): number {
  const at = new Date(local);
  const found = new Date(2000, 0, 1);
  found.setFullYear(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  found.setHours(at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), 0);
  return found.getTime();
}
