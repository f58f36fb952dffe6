/** Who is logged in, a line each, as who(1) tells: `alice pts/0 2026-11-23 09:12 (192.0.2.7)`. */
import { run } from './run.ts';

export async function loggedIn(): Promise<string[]> {
  const ran = await run(['who'], { timeoutMs: 2000, env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } });
  if (!ran.ok) return [];
  return ran.value.stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().replace(/\s+/g, ' '));
}
