/**
 * Names of the files that a write leaves behind when it is killed half-way. They start with a dot,
 * so that no program that reads a folder of configuration (run-parts, Debian's update-exim4.conf,
 * Include *.conf) takes one for its own.
 */
import { randomBytes } from 'node:crypto';

export function temporaryName(): string {
  return `.portreeve-tmp-${randomBytes(8).toString('hex')}`;
}

export function isTemporaryName(name: string): boolean {
  return /^\.portreeve-tmp-[0-9a-f]{16}$/.test(name);
}
