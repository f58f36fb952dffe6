/**
 * Whether a request may be answered at all, before anybody looks at who asks. Pure.
 *
 * - `Host` must be a name that the page is served by: a name of an attacker's that resolves to this machine
 *   (DNS rebinding) gets nothing.
 * - What changes something must come from this page: by `Origin`, and by `Sec-Fetch-Site` where the browser
 *   sends it. A form, an image or a script of another site cannot.
 */
import { fail, ok, type Result } from '../base/result.ts';

export interface RequestFacts {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly contentType: string | undefined;
}

export function guardRequest(request: RequestFacts, hosts: ReadonlySet<string>): Result<void> {
  const { method, host, origin, fetchSite, contentType } = request;
  if (host === undefined || !hosts.has(host.toLowerCase()))
    return refused(
      `it must be asked by its own name: ${JSON.stringify((host ?? '').slice(0, 80))} is none of them`,
      'a name of a proxy is added by server.hosts',
    );
  if (method === 'GET' || method === 'HEAD') return ok();
  if (method !== 'POST') return refused(`it must be GET or POST: it is ${method.slice(0, 10)}`);
  if (fetchSite !== undefined && fetchSite !== 'same-origin')
    return refused('it must come from this page: it comes from another site');
  if (origin !== undefined && originHost(origin) !== host.toLowerCase())
    return refused('it must come from this page: its origin is another');
  if (origin === undefined && fetchSite === undefined)
    return refused('it must say where it comes from: it has no Origin');
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json')
    return refused('it must bring JSON: it brings something else');
  return ok();
}

function originHost(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1];
}

function refused(why: string, hint?: string): Result<never> {
  return fail('permission', `cannot answer the request: ${why}`, hint === undefined ? {} : { hint });
}
