/** Calls back on each SIGHUP, which asks a service to read its settings again, until the signal is aborted. */
export function onHangup(signal: AbortSignal, reread: () => void): void {
  process.on('SIGHUP', reread);
  signal.addEventListener('abort', () => {
    process.off('SIGHUP', reread);
  });
}
