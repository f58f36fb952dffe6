/**
 * Tells the service manager that the loop still turns: twice in each of its periods, from the same loop that
 * reads the log, so that an agent that hangs is started again.
 */
import type { Clock } from '../host/clock.ts';
import type { ServiceManager } from '../host/service-manager.ts';

export async function keepAlive(manager: ServiceManager, clock: Clock, signal: AbortSignal): Promise<void> {
  const { watchdogMs } = manager;
  if (watchdogMs === undefined) return;
  while (!signal.aborted) {
    manager.notify('WATCHDOG=1');
    await clock.sleep(watchdogMs / 2, signal);
  }
}
