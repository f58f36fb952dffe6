/** The jails of a configuration of fail2ban's, read and told of: what runs, and what cannot. */
import type { Address } from '../base/address.ts';
import { parseNetwork } from '../base/network.ts';
import type { Settings } from '../base/settings.ts';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import type { Jail } from '../fail2ban/jail/jail.ts';
import { readJails } from '../fail2ban/jail/read-jails.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardRecord } from '../guard/record.ts';
import { sightingOf } from '../guard/sighting.ts';
import type { Clock } from '../host/clock.ts';

export async function openJails(
  settings: Settings,
  clock: Clock,
  tell: (record: GuardRecord) => void,
): Promise<readonly Jail[]> {
  const folder = settings.text('fail2ban.config');
  if (folder === '') return [];
  const read = await readJails(folder, new Date(clock.now()).getUTCFullYear());
  if (!read.ok) {
    tell({ type: 'problem', at: clock.now(), problem: read.problem });
    return [];
  }
  for (const { problem } of read.value.problems) tell({ type: 'problem', at: clock.now(), problem });
  return read.value.jails;
}

export interface JailMercy {
  readonly isSpared: (address: Address, line: string) => boolean;
  readonly patience: (address: Address) => number;
}

/** Whom jails spare beside those on the allowlist: with `fail2ban.culprits`, victims, and by trust. */
export function jailMercy(settings: Settings, guard: Guard, clock: Clock): JailMercy {
  const isAllowed = (address: Address): boolean => {
    const network = parseNetwork(address);
    return network !== undefined && guard.isAllowed(network);
  };
  if (!settings.isOn('fail2ban.culprits')) return { isSpared: isAllowed, patience: () => 1 };
  const context = logContext();
  return {
    // To be turned away is no failure: who holds the slots is found in the socket table.
    isSpared: (address, line) =>
      isAllowed(address) || sightingOf(parseLogLine(line, context), line)?.kind === 'turned-away',
    patience: (address) => guard.trust.patience(address, clock.now()),
  };
}
