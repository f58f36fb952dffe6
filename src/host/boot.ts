/**
 * This boot of the machine: its id, and how long it has lasted, suspension included. Neither a clock that
 * is set nor a time zone moves it.
 */
import { readFile } from 'node:fs/promises';

export interface Boot {
  readonly id: string;
  readonly uptimeMs: number;
}

export async function thisBoot(): Promise<Boot> {
  const [id, uptime] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readFile('/proc/uptime', 'utf8'),
  ]);
  return { id: id.trim(), uptimeMs: Math.round(Number(uptime.split(' ')[0]) * 1000) };
}
