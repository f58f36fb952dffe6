/** The time, and this machine's time zone (TZ): instants are seconds since 1970, local times milliseconds as if of UTC. */
export function localCalendar(now: () => number = () => Date.now() / 1000): {
  readonly now: () => number;
  readonly local: (seconds: number) => number;
  readonly instant: (local: number) => number;
} {
  return {
    now,
    local: (seconds) => {
      const at = new Date(seconds * 1000);
      return Date.UTC(
        at.getFullYear(),
        at.getMonth(),
        at.getDate(),
        at.getHours(),
        at.getMinutes(),
        at.getSeconds(),
        at.getMilliseconds(),
      );
    },
    instant: (local) => {
      const at = new Date(local);
      const found = new Date(2000, 0, 1);
      found.setFullYear(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
      found.setHours(at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), 0);
      return found.getTime() / 1000;
    },
  };
}
