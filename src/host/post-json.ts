/** Sends JSON to a URL by POST. No redirect is followed; an answer other than 2xx is a problem. */
import { fail, ok, type Result } from '../base/result.ts';

export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Result<void>> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.ok
      ? ok()
      : fail('unavailable', `cannot tell ${host}: it must answer 2xx: it answers ${response.status}`);
  } catch (error) {
    const { name, message, cause } = error as Error & {
      readonly cause?: { readonly code?: string; readonly message?: string };
    };
    if (name === 'TimeoutError')
      return fail(
        'timeout',
        `cannot tell ${host}: it must answer within ${timeoutMs / 1000} s: it is silent`,
      );
    return fail('unavailable', `cannot tell ${host}: ${cause?.code ?? cause?.message ?? message}`);
  }
}
