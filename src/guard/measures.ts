/** What else than the rules of each kind the guard measures by. */
import type { EscalationRule } from './escalation.ts';
import type { LoginRule } from './login-watch.ts';
import { type GuardSettings, guardSettings, valueOf } from './settings.ts';
import type { TrustRule } from './trust.ts';
import type { WideningRule } from './widening.ts';

export interface Measures {
  readonly escalation: EscalationRule;
  readonly widening: WideningRule;
  readonly trust: TrustRule;
  readonly login: LoginRule;
}

export function measuresOf(settings: GuardSettings): Measures {
  const value = (name: string): ReturnType<typeof valueOf> => valueOf(settings, `guard.${name}`);
  return {
    escalation: {
      factor: value('escalation.factor'),
      cap: value('escalation.cap'),
      forget: value('escalation.forget'),
    },
    widening: {
      several: value('widening.several'),
      window: value('widening.window'),
      shortest: value('widening.shortest'),
      ipv4: value('widening.ipv4') === 1,
    },
    trust: {
      halfLife: value('trust.half-life'),
      mail: value('trust.mail'),
      login: value('trust.login'),
      mostPatience: value('trust.patience'),
    },
    login: { addresses: value('login.addresses'), findtime: value('login.findtime') },
  };
}

export const defaultMeasures: Measures = measuresOf(
  new Map(guardSettings.map((setting) => [setting.name, setting.default])),
);
