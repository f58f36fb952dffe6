/** What else than the rules of each kind the guard measures by. */
import type { Duration } from '../base/duration.ts';
import type { Settings } from '../base/settings.ts';
import type { BackoffRule } from './backoff.ts';
import type { EscalationRule } from './escalation.ts';
import type { ReserveRule } from './known-hosts.ts';
import type { LoginRule } from './login-watch.ts';
import { defaultSettings } from './settings.ts';
import { NameList } from './name-list.ts';
import type { TrustRule } from './trust.ts';
import type { WideningRule } from './widening.ts';

export interface Measures {
  readonly escalation: EscalationRule;
  readonly widening: WideningRule;
  readonly trust: TrustRule;
  readonly login: LoginRule;
  readonly known: KnownRule;
  readonly slotHolder: SlotHolderRule;
  readonly reserve: ReserveRule;
  readonly backoff: BackoffRule;
  readonly incident: { readonly quiet: Duration };
  /** Whose forward-confirmed names are worth so much credit. */
  readonly names: { readonly known: NameList; readonly credit: number };
}

/** Whose mail has been coming: a network behind NAT may be behind the address. */
export interface KnownRule {
  readonly credit: number;
  readonly recent: Duration;
  /** The longest first ban. */
  readonly bantime: Duration;
  /** Whether its mail comes in while it cannot log in. */
  readonly mail: boolean;
}

export interface SlotHolderRule {
  readonly bantime: Duration;
  /** How often connections of a known address are ended, in what time, before it is banned. */
  readonly endings: number;
  readonly window: Duration;
  /** How long after a crowd was turned away the holders of slots are still judged. */
  readonly after: Duration;
}

export function measuresOf(settings: Settings): Measures {
  const number = (name: string): number => settings.number(`guard.${name}`);
  const duration = (name: string): Duration => settings.duration(`guard.${name}`);
  return {
    escalation: {
      factor: number('escalation.factor'),
      cap: duration('escalation.cap'),
      forget: duration('escalation.forget'),
    },
    widening: {
      several: number('widening.several'),
      window: duration('widening.window'),
      shortest: number('widening.shortest'),
      ipv4: settings.isOn('guard.widening.ipv4'),
    },
    trust: {
      halfLife: duration('trust.half-life'),
      mail: number('trust.mail'),
      login: number('trust.login'),
      mostPatience: number('trust.patience'),
    },
    known: {
      credit: number('trust.known.credit'),
      recent: duration('trust.known.recent'),
      bantime: duration('trust.known.bantime'),
      mail: settings.isOn('guard.trust.known.mail'),
    },
    slotHolder: {
      bantime: duration('slot-holder.bantime'),
      endings: number('slot-holder.endings'),
      window: duration('slot-holder.window'),
      after: duration('slot-holder.after'),
    },
    reserve: {
      credit: number('reserve.credit'),
      most: number('reserve.most'),
      suspend: duration('reserve.suspend'),
    },
    backoff: { first: duration('backoff.first'), most: duration('backoff.most') },
    names: { known: new NameList(settings.list('guard.trust.names')), credit: number('trust.name') },
    incident: { quiet: duration('incident.quiet') },
    login: { addresses: number('login.addresses'), findtime: duration('login.findtime') },
  };
}

export const defaultMeasures: Measures = measuresOf(defaultSettings);
