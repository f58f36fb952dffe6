/** The resident memory of this process in bytes, and since when it runs, in milliseconds since 1970. */
export function memoryInUse(): number {
  return process.memoryUsage.rss();
}

export function runningSince(): number {
  return performance.timeOrigin;
}
