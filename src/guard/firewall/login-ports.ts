/** The ports of bans that leave mail between servers alone: undefined where there are no others. */
import type { BannedPorts } from './nft-ruleset.ts';

/** Where one mail server brings mail to another (RFC 5321); logins belong to 465 and 587 (RFC 8314). */
export const relayPort = 25;

export function loginPorts(ports: BannedPorts): BannedPorts | undefined {
  if (typeof ports === 'string') return 'all but 25';
  const others = ports.filter((port) => port !== relayPort);
  return others.length === 0 ? undefined : others;
}
