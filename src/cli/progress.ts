/** A bar on standard error for work of more than two seconds, on a terminal alone. */
export interface Progress {
  /** So much more has been done. */
  readonly add: (amount: number) => void;
  /** Wipes the bar. */
  readonly end: () => void;
}

const patience = 2000;
const pause = 200;
const width = 30;

/**
 * `whole` in the unit of the amounts; 0 where nobody knows. A command that speaks while it works, into
 * the same terminal, shows none (`spoken`).
 */
export function createProgress(whole: number, spoken = false): Progress {
  const shows = process.stderr.isTTY && !(spoken && process.stdout.isTTY);
  const start = performance.now();
  let done = 0;
  let shown = 0;
  return {
    add: (amount) => {
      done += amount;
      const now = performance.now();
      if (!shows || now - start < patience || now - shown < pause) return;
      shown = now;
      process.stderr.write(`\r${bar(done, whole, now - start)}`);
    },
    end: () => {
      if (shown > 0) process.stderr.write(`\r${' '.repeat(width + 40)}\r`);
    },
  };
}

function bar(done: number, whole: number, milliseconds: number): string {
  const speed = `${(done / 1e6).toFixed(0)} MB, ${(done / 1000 / milliseconds).toFixed(0)} MB/s`;
  if (whole === 0) return speed;
  const share = Math.min(1, done / whole);
  const full = Math.round(share * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${(share * 100).toFixed(0)} %  ${speed}`;
}
