import { Command } from 'commander';
import { z } from 'zod';
import { agentFolder } from '../../agent/control-place.ts';
import { Enforcer } from '../../agent/enforcer.ts';
import { Gates } from '../../agent/gates.ts';
import { restoreBans } from '../../agent/restore-bans.ts';
import type { Network } from '../../base/network.ts';
import type { Problem } from '../../base/problem.ts';
import { fail, type Result } from '../../base/result.ts';
import type { Settings } from '../../base/settings.ts';
import type { Firewall } from '../../guard/firewall/firewall.ts';
import { systemClock } from '../../host/clock.ts';
import { ResolvedNames } from '../../host/resolved-names.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { openStore } from '../../store/open-store.ts';
import { act } from '../act.ts';
import { allowlistOf } from '../allowlist-of.ts';
import { collect } from '../collect.ts';
import { loadSettings, settingOptions, withSettings } from '../load-settings.ts';
import { loginFirewall, settingsFor } from '../login-firewall.ts';
import { backends, preparedFirewall } from '../prepared-firewall.ts';
import { readNetworks } from '../read-networks.ts';

const options = settingOptions.extend({
  log: z.string().min(1),
  firewall: z.enum(backends),
  allow: z.array(z.string()).default([]),
});

/**
 * `agent`: the unprivileged service that reads the log and bans. First of all the bans of before are in force
 * again; what else there is to the agent (`run-agent.ts`) is loaded after that.
 */
export function agent(): Command {
  return withSettings(new Command('agent'), 'guard')
    .description("follow Exim's log and ban culprits, until stopped")
    .option('--log <file>', 'the log to follow, or journal: what Exim writes there', '/var/log/exim4/mainlog')
    .option(
      '--firewall <backend>',
      'where bans go: null (observe only), nft, exim (a file), or command (guard.firewall.command)',
      'null',
    )
    .option('--allow <network>', 'an address or network that is never banned (repeatable)', collect)
    .action(
      act(options, async ({ speak, options: { log, firewall: backend, allow, ...chosen } }) => {
        const fittingSettings = async (): Promise<Result<Settings>> => {
          const loaded = await loadSettings(chosen);
          return loaded.ok ? settingsFor(backend, loaded.value) : loaded;
        };
        const settings = await fittingSettings();
        if (!settings.ok) return settings;
        const allowed = readNetworks(allow);
        if (!allowed.ok) return allowed;
        if (backend === 'command' && settings.value.list('guard.firewall.command').length === 0)
          return fail('usage', 'cannot ban by a command: guard.firewall.command must name it: it is empty', {
            hint: 'the program and its arguments, such as ["/usr/local/sbin/ban"]',
          });
        const signal = stopSignal();
        const trouble = {
          tell: (problem: Problem): void => {
            speak.problem(problem);
          },
        };
        const names = new ResolvedNames();
        const preparing = preparedFirewall(backend, settings.value, allowed.value, speak);
        const allowing = allowlistOf(settings.value, allowed.value, names);
        const enforcing = (async () => {
          const firewall = await preparing;
          const onProblem = (problem: Problem): void => {
            trouble.tell(problem);
          };
          const enforcerOf = (one: Firewall): Enforcer =>
            new Enforcer({ firewall: one, clock: systemClock, signal, onProblem });
          const logins = loginFirewall(firewall.name, settings.value);
          return { firewall, gates: new Gates(enforcerOf(firewall), logins && enforcerOf(logins)) };
        })();
        const hands = (async () => {
          const [{ gates }, allowlist] = await Promise.all([enforcing, allowing]);
          return { gates, isAllowed: (target: Network): boolean => allowlist.overlaps(target) };
        })();
        const opened = await openStore(agentFolder(), systemClock.now(), async (store) => {
          const restored = await restoreBans(store, hands, systemClock.now());
          // Of a file that cannot be read more is told in a moment.
          if (!restored.ok) return;
          speak.document({ type: 'restored', bans: restored.value });
          if (restored.value > 0) speak.note(`in force again from before: ${restored.value} bans`);
        });
        if (!opened.ok) return opened;
        if (opened.value.problem !== undefined) speak.problem(opened.value.problem);
        const { runAgent } = await import('../run-agent.ts');
        return await runAgent({
          ...(await enforcing),
          store: opened.value.store,
          settings: settings.value,
          given: chosen,
          reread: fittingSettings,
          allowlist: await allowing,
          allowed: allowed.value,
          names,
          log,
          signal,
          trouble,
          speak,
        });
      }),
    );
}
