/** The name that this mail server calls itself by (Exim's primary_hostname), as it is configured. */
import { ok, type Result } from '../base/result.ts';
import { succeed } from '../host/succeed.ts';

export async function mailHostName(): Promise<Result<string>> {
  const told = await succeed('ask Exim for its name', ['exim4', '-bP', 'primary_hostname']);
  return told.ok ? ok(told.value.stdout.replace(/^primary_hostname = /, '').trim()) : told;
}
