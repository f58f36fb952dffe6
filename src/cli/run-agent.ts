/** The agent once its bans are in force: assembly of all that it does until it is stopped. */
import { controlPlace, agentFolder } from '../agent/control-place.ts';
import { openControlSocket } from '../agent/control-socket.ts';
import type { GivenSettings } from '../agent/replay-hands.ts';
import { GuardJournal } from '../agent/guard-journal.ts';
import type { Gates } from '../agent/gates.ts';
import { keepAlive } from '../agent/keep-alive.ts';
import { keepReserve } from '../agent/reserve.ts';
import { keptKey } from '../agent/kept-key.ts';
import { JailReleases } from '../agent/jail-releases.ts';
import { LiveHands } from '../agent/live-hands.ts';
import { pageHands } from '../agent/page-hands.ts';
import { runGuardLoop } from '../agent/guard-loop.ts';
import { runJails } from '../agent/run-jails.ts';
import type { Network } from '../base/network.ts';
import type { Problem } from '../base/problem.ts';
import { ok, type Result } from '../base/result.ts';
import type { Settings } from '../base/settings.ts';
import { version } from '../base/version.ts';
import type { Allowlist } from '../guard/allowlist.ts';
import { assembleGuard, guardRules } from '../guard/assemble-guard.ts';
import type { Firewall } from '../guard/firewall/firewall.ts';
import type { GuardRecord } from '../guard/record.ts';
import { systemClock } from '../host/clock.ts';
import { onHangup } from '../host/hangup-signal.ts';
import { inTurn } from '../host/in-turn.ts';
import type { ResolvedNames } from '../host/resolved-names.ts';
import { serviceManager } from '../host/service-manager.ts';
import type { Store } from '../store/store.ts';
import { ClearPeers } from '../tls/clear-peers.ts';
import { AgentPage } from './agent-page.ts';
import { endByKeeper } from './end-by-keeper.ts';
import { allowlistOf } from './allowlist-of.ts';
import { reportRecord } from './report-record.ts';
import type { Speaker } from './speak.ts';

export interface AgentOptions {
  readonly firewall: Firewall;
  readonly gates: Gates;
  readonly store: Store;
  readonly settings: Settings;
  /** Where they are from. */
  readonly given: GivenSettings;
  /** The settings as they are now. */
  readonly reread: () => Promise<Result<Settings>>;
  readonly allowlist: Allowlist;
  /** Never banned besides, whatever the settings say. */
  readonly allowed: readonly Network[];
  /** Of the allowlist. */
  readonly names: ResolvedNames;
  readonly log: string;
  readonly signal: AbortSignal;
  /** Where the enforcer tells its problems: from here on they are noted too. */
  readonly trouble: { tell: (problem: Problem) => void };
  readonly speak: Speaker;
}

export async function runAgent(options: AgentOptions): Promise<Result<0>> {
  const { firewall, gates, store, settings, log, signal, trouble, speak } = options;
  let current = settings;
  const guard = assembleGuard(settings, options.allowlist, undefined, keptKey(store));
  // What has to be known is noted at once; what is only told waits until the bans are in force.
  const later = inTurn((record: GuardRecord) => {
    reportRecord(speak, record);
    page.board.postRecord(record);
  });
  const tell = (record: GuardRecord): void => {
    journal.note(record);
    later(record);
  };
  const peers = new ClearPeers();
  const journal = new GuardJournal({ store, guard, peers, clock: systemClock, tell });
  const manager = serviceManager(process.env);
  const onProblem = (problem: Problem): void => {
    tell({ type: 'problem', at: systemClock.now(), problem });
  };
  trouble.tell = onProblem;
  const flush = (): void => {
    journal.save();
  };
  const releases = new JailReleases();
  const hands = new LiveHands({ guard, gates, store, flush, tell, clock: systemClock, releases });
  const page = new AgentPage({
    settings: () => current,
    given: options.given,
    log,
    store,
    guard: pageHands({ hands, guard, gates, firewall: firewall.name, clock: systemClock }),
    clear: () => peers.list(systemClock.now()),
    counted: () => journal.totals(),
    clock: systemClock,
    version,
    note: (line) => {
      speak.note(line);
    },
    trouble: onProblem,
  });
  const restored = journal.restore(gates);
  if (!restored.ok) speak.problem(restored.problem);
  const socket = await openControlSocket(controlPlace(), hands);
  if (!socket.ok) speak.problem(socket.problem);
  const adopt = async (): Promise<void> => {
    guard.adopt(guardRules(current, await allowlistOf(current, options.allowed, options.names)));
  };
  let adoptLogs: (settings: Settings) => void = () => undefined;
  const reread = async (): Promise<void> => {
    const again = await options.reread();
    if (again.ok) {
      current = again.value;
      await adopt();
      page.adopt();
      adoptLogs(current);
      speak.note(
        'the settings have been read again, and hold from now on; those of [server] at the next start',
      );
      return;
    }
    onProblem(again.problem);
    speak.note('the settings that held before go on to hold');
  };
  onHangup(signal, () => void reread());
  const jails = Promise.withResolvers<void>();
  // Each opens its log before it first waits; jails have to be read first, and say when theirs are open.
  const running = Promise.all([
    runGuardLoop({
      log,
      guard,
      gates,
      journal,
      peers,
      clock: systemClock,
      signal,
      tell,
      enforces: firewall.name !== 'null',
      endServers: endByKeeper(),
      settings: (adoptLater) => {
        adoptLogs = adoptLater;
        adoptLogs(current);
      },
    }),
    page.run(signal),
    runJails({
      settings,
      guard,
      enforcer: gates.all,
      observes: firewall.name === 'null',
      clock: systemClock,
      signal,
      tell,
      store,
      releases,
      begun: (names) => {
        jails.resolve();
        if (names.length === 0) return;
        speak.document({ type: 'jails', jails: names });
        speak.note(`running ${names.length} jails of fail2ban's: ${names.join(', ')}`);
      },
    }),
    gates.run(),
    keepAllowlist(adopt, signal),
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
  await Promise.race([jails.promise, running]);
  // What is written into a log from here on is read.
  manager.notify(`READY=1\nSTATUS=follows ${log}, bans by ${firewall.name}`);
  signal.addEventListener('abort', () => {
    manager.notify('STOPPING=1');
  });
  speak.document({ type: 'ready', pid: process.pid, log, firewall: firewall.name });
  speak.note(
    `following ${log}; bans go to ${firewall.name === 'null' ? 'nobody (observe mode)' : firewall.name}`,
  );
  await running;
  if (socket.ok) await socket.value.close();
  journal.close();
  return ok(0);
}

/** Addresses behind names change, people log in, gateways come: all of them are asked for anew. */
const allowlistMs = 300_000;

async function keepAllowlist(adopt: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    await systemClock.sleep(allowlistMs, signal);
    if (signal.aborted) return;
    await adopt();
  }
}
