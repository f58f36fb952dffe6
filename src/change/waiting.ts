/**
 * A change that is in force and waits for somebody to confirm it. Its deadline is kept twice: as a time
 * of day, for people, and by the machine's uptime, which nobody can set. After a reboot it is over:
 * whoever lost the machine by this change could only pull the plug.
 */
import { z } from 'zod';
import type { Boot } from '../host/boot.ts';

export interface Waiting {
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly bootId: string;
  readonly uptimeMs: number;
}

export const waitingShape: z.ZodType<Waiting> = z.strictObject({
  commit: z.string(),
  until: z.number(),
  bootId: z.string(),
  uptimeMs: z.number(),
});

export function startWaiting(commit: string, withinMs: number, now: number, boot: Boot): Waiting {
  return { commit, until: now + withinMs, bootId: boot.id, uptimeMs: boot.uptimeMs + withinMs };
}

export function isOver({ bootId, uptimeMs }: Waiting, boot: Boot): boolean {
  return bootId !== boot.id || boot.uptimeMs >= uptimeMs;
}
