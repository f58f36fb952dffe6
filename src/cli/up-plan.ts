/** What `portreeve up` does on a host, as a list of steps from facts. Pure. */
import type { HostFacts } from './host-facts.ts';

export type UpStepKind = 'user' | 'settings' | 'history' | 'encryption' | 'jails' | 'services' | 'fail2ban';

export interface UpStep {
  readonly kind: UpStepKind;
  /** In plain words. */
  readonly says: string;
  /** The command of ours that does it, as a person would type it; none where `up` does it itself. */
  readonly command?: readonly string[];
  /** The agent has to ban, and not only to observe. */
  readonly enforces?: boolean;
}

export interface UpChoice {
  /** Parts that are left out. */
  readonly without: ReadonlySet<UpStepKind>;
  /** The options of `tls enable` that say where the certificate comes from. */
  readonly certificate: readonly string[];
  readonly reason: string;
  /** fail2ban's jails are to be run by the agent. */
  readonly takesJails: boolean;
}

export interface UpPlan {
  readonly steps: readonly UpStep[];
  /** What a person should know, and `up` does nothing about. */
  readonly remarks: readonly string[];
}

export function planUp(facts: HostFacts, { without, certificate, reason, takesJails }: UpChoice): UpPlan {
  const { folder, exim } = facts;
  const takes = takesJails && facts.jails.length > 0 && !without.has('jails');
  const all: readonly (UpStep | undefined)[] = [
    facts.hasUser
      ? undefined
      : {
          kind: 'user',
          says: 'make the system user portreeve, in the group adm: the agent runs as it, without root',
        },
    facts.hasSettings
      ? undefined
      : { kind: 'settings', says: `write ${facts.settingsFile}, with every choice as a comment` },
    facts.isTracked
      ? undefined
      : {
          kind: 'history',
          says: `put ${folder} under history, as it is now`,
          command: ['history', 'init', folder, '-m', 'as it was before Portreeve'],
        },
    facts.isEncrypted
      ? undefined
      : {
          kind: 'encryption',
          says: `turn STARTTLS on for ${exim.hostName}: certificate, policy intermediate; proved on the live ports, or undone`,
          command: ['tls', 'enable', ...certificate, '--yes', '--reason', reason],
        },
    // Near the end: what fail2ban bans meanwhile is taken over too.
    takes
      ? {
          kind: 'jails',
          says: `have the agent run fail2ban's jails ${facts.jails.join(', ')}, with the bans that are in force`,
          command: ['fail2ban', 'import'],
        }
      : undefined,
    {
      kind: 'services',
      says: facts.hasSystemd
        ? `install and start portreeve.service (the agent, which ${takes ? 'bans in the place of fail2ban' : 'only observes at first'}) and portreeve-keeper.service`
        : 'say how to run the agent and the keeper: this host has no systemd',
      ...(takes ? { enforces: true } : {}),
    },
    replacesFail2ban(facts, takes) && !without.has('services')
      ? {
          kind: 'fail2ban',
          says: 'stop fail2ban, and keep it from starting at boot: all of its jails run in the agent then',
        }
      : undefined,
  ];
  const steps = all.filter((step) => step !== undefined).filter(({ kind }) => !without.has(kind));
  return { steps, remarks: remarksOn(facts, takes) };
}

/** A jail that the agent cannot run would be lost with fail2ban; who started it by hand ends it by hand. */
function replacesFail2ban({ fail2ban, jailsLeft }: HostFacts, takes: boolean): boolean {
  return takes && fail2ban !== undefined && jailsLeft.length === 0;
}

function remarksOn(facts: HostFacts, takes: boolean): string[] {
  const { ports, hasFail2ban, hasEtckeeper, hasNft, hasLog, log } = facts;
  return [
    ...(ports.length === 0
      ? ['nobody listens on 25, 465 or 587: Exim must run before STARTTLS can be proved']
      : []),
    ...(hasFail2ban ? [remarkOnJails(facts, takes)] : []),
    ...(hasEtckeeper ? ['etckeeper keeps /etc: the history goes on beside it'] : []),
    ...(hasNft ? [] : ['there is no nft: the guard can only observe until nftables is installed']),
    ...(hasLog ? [] : [`there is no ${log}: the guard waits for it`]),
  ];
}

function remarkOnJails(facts: HostFacts, takes: boolean): string {
  const { jails, jailsLeft } = facts;
  if (jails.length === 0) return 'fail2ban runs here, with no jail on the mail log or the mail ports';
  const named = `fail2ban runs here with the ${jails.length === 1 ? 'jail' : 'jails'} ${jails.join(', ')}`;
  if (!takes) return `${named}: both may ban; --take-jails has the agent run them`;
  if (jailsLeft.length > 0)
    return `${named}; it goes on, for the agent cannot run ${jailsLeft.join(', ')}: take the others out of its configuration, or both ban`;
  return replacesFail2ban(facts, takes)
    ? `${named}: they are taken over, and it is stopped`
    : `${named}: stop it once the agent runs, or both ban`;
}
