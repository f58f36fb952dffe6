/** Asks the API. An answer, or the problem that it tells; nothing throws for what a network or a server may do. */
import { type Signal, signal } from '@preact/signals';
import type { Problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { SessionFacts } from '../server/api/session.ts';

/** Undefined until somebody is logged in; `null` until that is known. */
export const session: Signal<SessionFacts | undefined | null> = signal(null);

export async function ask<Answer>(path: string): Promise<Result<Answer>> {
  return await request<Answer>(path, {});
}

export async function tell<Answer>(path: string, body: unknown): Promise<Result<Answer>> {
  const csrf = session.value?.csrf ?? '';
  return await request<Answer>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-portreeve': csrf },
    body: JSON.stringify(body),
  });
}

async function request<Answer>(path: string, init: RequestInit): Promise<Result<Answer>> {
  try {
    const response = await fetch(path, { ...init, credentials: 'same-origin', redirect: 'error' });
    const read: unknown = await response.json();
    if (response.ok) return ok(read as Answer);
    if (response.status === 401 && path !== '/api/login') session.value = undefined;
    return { ok: false, problem: problemOf(read, response.status) };
  } catch {
    return fail('unavailable', 'cannot reach the agent: it must run: nobody answers', {
      hint: 'on the server: systemctl status portreeve',
    });
  }
}

function problemOf(read: unknown, status: number): Problem {
  const { problem } = (read ?? {}) as { readonly problem?: Problem };
  return problem ?? { kind: 'unavailable', message: `cannot answer: the server says ${status}` };
}
