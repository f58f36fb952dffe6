/** Logging in: by the token behind the # of a link that `portreeve web login` printed, or by the password. */
import type { Result } from '../base/result.ts';
import type { Login, SessionFacts } from '../server/api/session.ts';
import { ask, session, tell } from './client.ts';

export async function logIn(login: Login): Promise<Result<SessionFacts>> {
  const admitted = await tell<SessionFacts>('/api/login', login);
  if (admitted.ok) session.value = admitted.value;
  return admitted;
}

/** At start. The token leaves the address bar before anything else happens. */
export async function resume(): Promise<void> {
  const token = /^#login=([\w.-]{1,200})$/.exec(location.hash)?.[1];
  if (token !== undefined) history.replaceState(null, '', '#/');
  if (token !== undefined && (await logIn({ token })).ok) return;
  const known = await ask<SessionFacts>('/api/session');
  session.value = known.ok ? known.value : undefined;
}

export async function logOut(): Promise<void> {
  await tell('/api/logout', {});
  session.value = undefined;
}
