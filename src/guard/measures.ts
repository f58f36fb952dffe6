/** What else than the rules of each kind the guard measures by. */
import type { Duration } from '../base/duration.ts';
import type { Settings } from '../base/settings.ts';
import type { EscalationRule } from './escalation.ts';
import type { LoginRule } from './login-watch.ts';
import { defaultSettings } from './settings.ts';
import type { TrustRule } from './trust.ts';
import type { WideningRule } from './widening.ts';

export interface Measures {
  readonly escalation: EscalationRule;
  readonly widening: WideningRule;
  readonly trust: TrustRule;
  readonly login: LoginRule;
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
    login: { addresses: number('login.addresses'), findtime: duration('login.findtime') },
  };
}

export const defaultMeasures: Measures = measuresOf(defaultSettings);
