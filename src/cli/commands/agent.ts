import { Command } from 'commander';
import { z } from 'zod';
import { runGuardLoop } from '../../agent/guard-loop.ts';
import { ok } from '../../base/result.ts';
import { Allowlist } from '../../guard/allowlist.ts';
import { assembleGuard } from '../../guard/assemble-guard.ts';
import type { Firewall } from '../../guard/firewall/firewall.ts';
import { NftFirewall } from '../../guard/firewall/nft.ts';
import { NullFirewall } from '../../guard/firewall/null.ts';
import { readGuardSettings } from '../../guard/settings.ts';
import { systemClock } from '../../host/clock.ts';
import { ownAddresses } from '../../host/own-addresses.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { act } from '../act.ts';
import { collect } from '../collect.ts';
import { readNetworks } from '../read-networks.ts';

const options = z.object({
  log: z.string().min(1),
  firewall: z.enum(['null', 'nft']),
  set: z.array(z.string()).default([]),
  allow: z.array(z.string()).default([]),
});

/** `agent`: the unprivileged service that reads the log and bans. */
export function agent(): Command {
  return new Command('agent')
    .description("follow Exim's log and ban culprits, until stopped")
    .option('--log <file>', 'the log to follow', '/var/log/exim4/mainlog')
    .option('--firewall <backend>', 'where bans go: null (observe only) or nft', 'null')
    .option(
      '--set <name=value>',
      'a setting of the guard, such as guard.flood.bantime=2h (repeatable)',
      collect,
    )
    .option('--allow <network>', 'an address or network that is never banned (repeatable)', collect)
    .action(
      act(options, async ({ speak, options: { log, firewall: backend, set, allow } }) => {
        const settings = readGuardSettings(set);
        if (!settings.ok) return settings;
        const allowed = readNetworks(allow);
        if (!allowed.ok) return allowed;
        const firewall: Firewall = backend === 'nft' ? new NftFirewall() : new NullFirewall(systemClock);
        const prepared = await firewall.prepare();
        if (!prepared.ok) return prepared;
        const guard = assembleGuard(settings.value, new Allowlist(ownAddresses(), allowed.value));
        speak.document({ type: 'ready', pid: process.pid, log, firewall: firewall.name });
        speak.note(
          `following ${log}; bans go to ${firewall.name === 'null' ? 'nobody (observe mode)' : firewall.name}`,
        );
        await runGuardLoop({
          log,
          guard,
          firewall,
          clock: systemClock,
          signal: stopSignal(),
          tell: (record) => {
            speak.document(record);
            if (record.type === 'ban') {
              speak.line(
                `${speak.style.bad('ban')} ${record.address} for ${record.seconds} s: ${record.rule}`,
              );
              for (const line of record.evidence) speak.line(`    ${speak.style.dim(line)}`);
            } else if (record.type === 'attack') {
              speak.line(speak.style.bold(`attack ${record.state}`));
            } else if (record.type === 'alert') {
              speak.line(
                speak.style.warn(`${record.addresses.length} addresses try the login ${record.login}`),
              );
            } else {
              speak.problem(record.problem);
            }
          },
        });
        return ok(0);
      }),
    );
}
