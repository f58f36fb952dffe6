/** Brings the page to the agent: gathers its sources, opens the server, tests the ports, looks at the histories, tells people. */
import { NoticeBoard } from '../agent/notice-board.ts';
import { openPage } from '../agent/open-page.ts';
import { HistoryWatch } from '../agent/history-watch.ts';
import { PortAudits } from '../agent/port-audits.ts';
import { PortWatch } from '../agent/port-watch.ts';
import { type GivenSettings, replayHands } from '../agent/replay-hands.ts';
import type { Settings } from '../base/settings.ts';
import type { Problem } from '../base/problem.ts';
import type { Clock } from '../host/clock.ts';
import { memoryInUse, runningSince } from '../host/memory-in-use.ts';
import { minuteOfDay } from '../host/local-time.ts';
import { ownName } from '../host/own-name.ts';
import { noticesOfPort } from '../notice/notices-of-port.ts';
import { type Channel, readChannels } from '../notice/channel.ts';
import { tellChannel } from '../notice/tell-channel.ts';
import { Teller } from '../notice/teller.ts';
import type { GuardHands, HistoryHands } from '../server/sources.ts';
import type { Store } from '../store/store.ts';
import type { ClearPeer } from '../tls/clear-peers.ts';
import type { PortReport } from '../tls/port-report.ts';
import { agentFolder } from '../agent/control-place.ts';
import { keeperHistory } from './keeper-history.ts';
import { keeperSocket } from './keeper-socket.ts';

export interface AgentPageOptions {
  readonly settings: () => Settings;
  /** What the agent was started with. */
  readonly given: GivenSettings;
  readonly log: string;
  readonly store: Store;
  readonly guard: GuardHands;
  /** Whose mail comes or goes in clear. */
  readonly clear: () => readonly ClearPeer[];
  /** What has been counted since the agent started, by kind. */
  readonly counted: () => Readonly<Record<string, number>>;
  readonly clock: Clock;
  readonly version: string;
  readonly note: (line: string) => void;
  readonly trouble: (problem: Problem) => void;
}

export class AgentPage {
  readonly board: NoticeBoard;
  readonly #options: AgentPageOptions;
  readonly #ports: PortWatch;
  readonly #audits: PortAudits;
  readonly #teller: Teller;
  readonly #history: HistoryHands;

  constructor(options: AgentPageOptions) {
    const { settings, clock, guard, trouble } = options;
    this.#options = options;
    this.#history = keeperHistory(keeperSocket());
    this.#teller = new Teller(channelsOf(options), {
      clock,
      minuteOfDay,
      send: async (channel, message) => await tellChannel(channel, message, ownName(), clock.now()),
      // To the agent's own log alone: told on, it would go the way that has just failed.
      trouble: ({ message }) => {
        options.note(message);
      },
    });
    this.board = new NoticeBoard((notice) => {
      this.#teller.note(notice);
    });
    this.#ports = new PortWatch({
      settings,
      clock,
      isBusy: () => guard.isUnderAttack(),
      tested: (before, after) => {
        for (const notice of noticesOfPort(before, after)) this.board.post(notice);
      },
      trouble,
    });
    this.#audits = new PortAudits({
      settings,
      clock,
      ports: () => this.#ports.reports(),
      isBusy: () => guard.isUnderAttack(),
      trouble,
    });
  }

  /** What each port showed, to a client and to an auditor. */
  #reports(): readonly PortReport[] {
    return this.#ports.reports().map((report) => {
      const audit = this.#audits.of(report.port);
      return audit === undefined ? report : { ...report, audit };
    });
  }

  /** The settings have been read again. What is wrong of them is told, and what held before holds. */
  adopt(): void {
    const channels = readChannels(this.#options.settings(), ownName());
    if (channels.ok) this.#teller.adopt(channels.value);
    else this.#options.trouble(channels.problem);
  }

  /** Until the signal is aborted. A page that cannot be served is told of, and all else goes on. */
  async run(signal: AbortSignal): Promise<void> {
    const { settings, given, log, store, guard, clear, counted, clock, version, note, trouble } =
      this.#options;
    const histories = new HistoryWatch({
      history: this.#history,
      clock,
      post: (notice) => {
        this.board.post(notice);
      },
    });
    const opened = await openPage({
      settings: settings(),
      folder: agentFolder(),
      sources: {
        clock,
        store,
        feed: this.board.feed,
        guard,
        history: watched(this.#history, histories),
        recorded: () => histories.folders,
        replay: replayHands({ log, settings, given }),
        ports: () => this.#reports(),
        clear,
        testAgain: () => {
          this.#ports.soon();
          this.#audits.soon();
        },
        needed: () => this.board.needed.list(),
        host: ownName(),
        version,
        counted,
        gauges: () => ({
          process_resident_memory_bytes: memoryInUse(),
          process_start_time_seconds: Math.round(runningSince() / 1000),
        }),
      },
      audit: (line) => {
        note(`page: ${line}`);
      },
      trouble,
    });
    if (!opened.ok) trouble(opened.problem);
    else if (opened.value !== undefined)
      note(`the page is at ${opened.value.url}; portreeve web login lets you in`);
    await Promise.all([
      this.#ports.run(signal),
      this.#audits.run(signal),
      histories.run(signal),
      this.#teller.run(signal),
    ]);
    if (opened.ok) await opened.value?.close();
  }
}

/** What is done from the page is seen at once: nobody is asked for what has just been done. */
function watched(history: HistoryHands, watch: HistoryWatch): HistoryHands {
  const then = <Done>(outcome: Done): Done => {
    watch.lookNow();
    return outcome;
  };
  return {
    ...history,
    explain: async (order, by) => then(await history.explain(order, by)),
    undo: async (order, by) => then(await history.undo(order, by)),
    settle: async (what, id, by) => then(await history.settle(what, id, by)),
  };
}

function channelsOf({ settings, note }: AgentPageOptions): readonly Channel[] {
  const channels = readChannels(settings(), ownName());
  if (channels.ok) return channels.value;
  note(`nobody is told of anything: ${channels.problem.message}`);
  return [];
}
