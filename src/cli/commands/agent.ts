import { Command } from 'commander';
import { z } from 'zod';
import { controlPlace, agentFolder } from '../../agent/control-place.ts';
import { openControlSocket } from '../../agent/control-socket.ts';
import { GuardJournal } from '../../agent/guard-journal.ts';
import { Enforcer } from '../../agent/enforcer.ts';
import { keepAlive } from '../../agent/keep-alive.ts';
import { keepReserve } from '../../agent/reserve.ts';
import { keptKey } from '../../agent/kept-key.ts';
import { LiveHands } from '../../agent/live-hands.ts';
import { pageHands } from '../../agent/page-hands.ts';
import { runGuardLoop } from '../../agent/guard-loop.ts';
import { runJails } from '../../agent/run-jails.ts';
import { ok } from '../../base/result.ts';
import { version } from '../../base/version.ts';
import type { Problem } from '../../base/problem.ts';
import type { Incident } from '../../guard/incident.ts';
import type { GuardRecord } from '../../guard/record.ts';
import { assembleGuard, guardRules } from '../../guard/assemble-guard.ts';
import type { Firewall } from '../../guard/firewall/firewall.ts';
import { EximFirewall } from '../../guard/firewall/exim.ts';
import { NftFirewall, type NftOptions } from '../../guard/firewall/nft.ts';
import { NullFirewall } from '../../guard/firewall/null.ts';
import { systemClock } from '../../host/clock.ts';
import { inTurn } from '../../host/in-turn.ts';
import { onHangup } from '../../host/hangup-signal.ts';
import { serviceManager } from '../../host/service-manager.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { openStore } from '../../store/open-store.ts';
import { act } from '../act.ts';
import { AgentPage } from '../agent-page.ts';
import { allowlistOf } from '../allowlist-of.ts';
import { collect } from '../collect.ts';
import { firewallRules } from '../firewall-rules.ts';
import { loadSettings, settingOptions, withSettings } from '../load-settings.ts';
import { readNetworks } from '../read-networks.ts';
import type { Speaker } from '../speak.ts';

const options = settingOptions.extend({
  log: z.string().min(1),
  firewall: z.enum(['null', 'nft', 'exim']),
  allow: z.array(z.string()).default([]),
});

/** `agent`: the unprivileged service that reads the log and bans. */
export function agent(): Command {
  return withSettings(new Command('agent'), 'guard')
    .description("follow Exim's log and ban culprits, until stopped")
    .option('--log <file>', 'the log to follow, or journal: what Exim writes there', '/var/log/exim4/mainlog')
    .option('--firewall <backend>', 'where bans go: null (observe only), nft, or exim (a file)', 'null')
    .option('--allow <network>', 'an address or network that is never banned (repeatable)', collect)
    .action(
      act(options, async ({ speak, options: { log, firewall: backend, allow, ...chosen } }) => {
        const settings = await loadSettings(chosen);
        if (!settings.ok) return settings;
        let current = settings.value;
        const allowed = readNetworks(allow);
        if (!allowed.ok) return allowed;
        const opened = await openStore(agentFolder(), systemClock.now());
        if (!opened.ok) return opened;
        if (opened.value.problem !== undefined) speak.problem(opened.value.problem);
        const firewall = await preparedFirewall(backend, firewallRules(settings.value, allowed.value), speak);
        const { store } = opened.value;
        const allowlist = await allowlistOf(settings.value, allowed.value);
        const guard = assembleGuard(settings.value, allowlist, undefined, keptKey(store));
        // What has to be known is noted at once; what is only told waits until the bans are in force.
        const later = inTurn((record: GuardRecord) => {
          report(speak, record);
          page.board.postRecord(record);
        });
        const tell = (record: GuardRecord): void => {
          journal.note(record);
          later(record);
        };
        const journal = new GuardJournal({ store, guard, clock: systemClock, tell });
        const signal = stopSignal();
        const manager = serviceManager(process.env);
        const onProblem = (problem: Problem): void => {
          tell({ type: 'problem', at: systemClock.now(), problem });
        };
        const enforcer = new Enforcer({ firewall, clock: systemClock, signal, onProblem });
        const flush = (): void => {
          journal.save();
        };
        const hands = new LiveHands({ guard, enforcer, store, flush, tell, clock: systemClock });
        const page = new AgentPage({
          settings: () => current,
          store,
          guard: pageHands({ hands, guard, enforcer, firewall: firewall.name, clock: systemClock }),
          counted: () => journal.totals(),
          clock: systemClock,
          version,
          note: (line) => {
            speak.note(line);
          },
          trouble: onProblem,
        });
        const restored = await journal.restore(enforcer);
        if (!restored.ok) speak.problem(restored.problem);
        else if (restored.value > 0) speak.note(`in force again from before: ${restored.value} bans`);
        const socket = await openControlSocket(controlPlace(), hands);
        if (!socket.ok) speak.problem(socket.problem);
        const reread = async (): Promise<void> => {
          const again = await loadSettings(chosen);
          if (again.ok) {
            current = again.value;
            guard.adopt(guardRules(again.value, await allowlistOf(again.value, allowed.value)));
            speak.note('the settings have been read again, and hold from now on');
            return;
          }
          onProblem(again.problem);
          speak.note('the settings that held before go on to hold');
        };
        onHangup(signal, () => void reread());
        manager.notify(`READY=1\nSTATUS=follows ${log}, bans by ${firewall.name}`);
        signal.addEventListener('abort', () => {
          manager.notify('STOPPING=1');
        });
        speak.document({ type: 'ready', pid: process.pid, log, firewall: firewall.name });
        speak.note(
          `following ${log}; bans go to ${firewall.name === 'null' ? 'nobody (observe mode)' : firewall.name}`,
        );
        await Promise.all([
          runGuardLoop({
            log,
            guard,
            enforcer,
            journal,
            clock: systemClock,
            signal,
            tell,
            enforces: firewall.name !== 'null',
            settings: settings.value,
          }),
          page.run(signal),
          runJails({
            settings: settings.value,
            guard,
            enforcer,
            observes: firewall.name === 'null',
            clock: systemClock,
            signal,
            tell,
            begun: (names) => {
              speak.document({ type: 'jails', jails: names });
              speak.note(`running ${names.length} jails of fail2ban's: ${names.join(', ')}`);
            },
          }),
          enforcer.run(),
          keepAlive(manager, systemClock, signal),
          keepReserve({
            path: `${agentFolder()}/reserve`,
            known: (now) => guard.known(now),
            clock: systemClock,
            signal,
            onProblem,
          }),
          journal.run(signal),
        ]);
        if (socket.ok) await socket.value.close();
        journal.close();
        return ok(0);
      }),
    );
}

/** Where the one asked for cannot be had, nobody is banned, and that is said: a guard that stops sees nothing. */
async function preparedFirewall(
  backend: 'null' | 'nft' | 'exim',
  rules: NftOptions,
  speak: Speaker,
): Promise<Firewall> {
  const observe = new NullFirewall(systemClock);
  if (backend === 'null') return observe;
  const firewall =
    backend === 'nft' ? new NftFirewall(rules) : new EximFirewall(`${agentFolder()}/banned`, systemClock);
  const prepared = await firewall.prepare();
  if (prepared.ok) return firewall;
  speak.problem(prepared.problem);
  speak.note('NOBODY IS BANNED: the guard only observes until it is started with a firewall that works');
  return observe;
}

function report(speak: Speaker, record: GuardRecord): void {
  const { bad, bold, dim, warn } = speak.style;
  speak.document(record);
  if (record.type === 'ban') {
    const { address, seconds, rule, network, trust } = record;
    const wider = network === undefined ? '' : `, and all of ${network}`;
    speak.line(`${bad('ban')} ${address} for ${Math.round(seconds)} s: ${rule}${wider}`);
    for (const line of record.evidence) speak.line(`    ${dim(line)}`);
    if (trust !== undefined) speak.line(`    ${dim(`trust ${trust.credit}: ${trust.reasons.join(', ')}`)}`);
  } else if (record.type === 'jail-ban') {
    speak.line(`${bad('ban')} ${record.address} for ${Math.round(record.seconds)} s: jail ${record.jail}`);
    for (const line of record.evidence) speak.line(`    ${dim(line)}`);
  } else if (record.type === 'attack') speak.line(bold(`attack ${record.state}`));
  else if (record.type === 'alert')
    speak.line(warn(`${record.addresses.length} addresses try the login ${record.login}`));
  else if (record.type === 'unban') speak.line(`${record.target} is not banned any more (${record.by})`);
  else if (record.type === 'incident') tellIncident(speak, record);
  else speak.problem(record.problem);
}

function tellIncident(speak: Speaker, incident: Incident): void {
  const { began, ended, turnedAway, turnedAwayAddresses, bans, mail } = incident;
  const seconds = Math.round((ended - began) / 1000);
  const kinds = Object.entries(bans).map(([rule, count]) => `${count} by ${rule}`);
  speak.line(
    speak.style.bold(
      `an attack of ${seconds} s is over: ${turnedAway} refusals of ${turnedAwayAddresses} addresses, bans: ${kinds.join(', ') || 'none'}; ${mail} messages came through`,
    ),
  );
}
