/** The host name of this machine, as the kernel has it. */
import { hostname } from 'node:os';

export function ownName(): string {
  return hostname();
}
