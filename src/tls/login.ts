/**
 * A login by AUTH PLAIN (RFC 4616) or AUTH LOGIN, one step at a time. It is only ever tried under TLS,
 * and no password, not even an encoded one, gets into a transcript.
 */
import type { SmtpReply } from '../exim/smtp-reply.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

export interface LoginOutcome {
  readonly outcome: 'accepted' | 'refused' | 'not-offered';
  /** What was offered, or the server's last word. */
  readonly evidence: string;
}

export type LoginStep = 'plain' | 'login' | 'login-user' | 'login-password';

export type LoginNext =
  | { readonly done: true; readonly outcome: LoginOutcome }
  | { readonly done: false; readonly step: LoginStep; readonly command: string; readonly shown: string };

/** `step` and `reply` are those of the step before; without them the login begins. */
export function loginStep(
  login: Login,
  offered: readonly string[],
  step?: LoginStep,
  reply?: SmtpReply,
): LoginNext {
  if (step === undefined || reply === undefined) return begin(login, offered);
  if (reply.code === 334 && step === 'login') return secret('login-user', base64(login.user));
  if (reply.code === 334 && step === 'login-user') return secret('login-password', base64(login.password));
  return finished(reply.code === 235 ? 'accepted' : 'refused', `${reply.code} ${reply.lines.join(' ')}`);
}

function begin({ user, password }: Login, offered: readonly string[]): LoginNext {
  const mechanisms = new Set(offered.map((mechanism) => mechanism.toUpperCase()));
  if (mechanisms.has('PLAIN')) {
    return secret('plain', `AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 'AUTH PLAIN ***');
  }
  if (mechanisms.has('LOGIN')) return secret('login', 'AUTH LOGIN', 'AUTH LOGIN');
  return finished('not-offered', offered.join(' ') || 'no AUTH');
}

function secret(step: LoginStep, command: string, shown = '***'): LoginNext {
  return { done: false, step, command, shown };
}

function finished(outcome: LoginOutcome['outcome'], evidence: string): LoginNext {
  return { done: true, outcome: { outcome, evidence } };
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
