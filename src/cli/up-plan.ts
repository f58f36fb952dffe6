/** What `portreeve up` does on a host, as a list of steps from facts. Pure. */
import type { HostFacts } from './host-facts.ts';

export type UpStepKind = 'user' | 'settings' | 'history' | 'encryption' | 'services';

export interface UpStep {
  readonly kind: UpStepKind;
  /** In plain words. */
  readonly says: string;
  /** The command of ours that does it, as a person would type it; none where `up` does it itself. */
  readonly command?: readonly string[];
}

export interface UpChoice {
  /** Parts that are left out. */
  readonly without: ReadonlySet<UpStepKind>;
  /** The options of `tls enable` that say where the certificate comes from. */
  readonly certificate: readonly string[];
  readonly reason: string;
}

export interface UpPlan {
  readonly steps: readonly UpStep[];
  /** What a person should know, and `up` does nothing about. */
  readonly remarks: readonly string[];
}

export function planUp(facts: HostFacts, { without, certificate, reason }: UpChoice): UpPlan {
  const { folder, exim } = facts;
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
    {
      kind: 'services',
      says: facts.hasSystemd
        ? 'install and start portreeve.service (the agent, which only observes at first) and portreeve-keeper.service'
        : 'say how to run the agent and the keeper: this host has no systemd',
    },
  ];
  const steps = all.filter((step) => step !== undefined).filter(({ kind }) => !without.has(kind));
  return { steps, remarks: remarksOn(facts) };
}

function remarksOn(facts: HostFacts): string[] {
  const { ports, hasFail2ban, hasEtckeeper, hasNft, hasLog, log } = facts;
  return [
    ...(ports.length === 0
      ? ['nobody listens on 25, 465 or 587: Exim must run before STARTTLS can be proved']
      : []),
    ...(hasFail2ban
      ? ['fail2ban runs here: both may ban; portreeve fail2ban shows what its filters see']
      : []),
    ...(hasEtckeeper ? ['etckeeper keeps /etc: the history goes on beside it'] : []),
    ...(hasNft ? [] : ['there is no nft: the guard can only observe until nftables is installed']),
    ...(hasLog ? [] : [`there is no ${log}: the guard waits for it`]),
  ];
}
