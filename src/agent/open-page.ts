/** Opens the server that the settings ask for, as a guest of the agent: none where they ask for none. */
import type { Problem } from '../base/problem.ts';
import { ok, type Result } from '../base/result.ts';
import type { Settings } from '../base/settings.ts';
import { readListening } from '../server/listening.ts';
import { openLoginKey } from '../server/login-key.ts';
import type { Server } from '../server/open-server.ts';
import type { Sources } from '../server/sources.ts';

export interface PageOptions {
  readonly settings: Settings;
  /** The agent's own folder: the key of the logins and the password's hash lie there. */
  readonly folder: string;
  readonly sources: Sources;
  readonly audit: (line: string) => void;
  readonly trouble: (problem: Problem) => void;
}

export async function openPage({
  settings,
  folder,
  ...given
}: PageOptions): Promise<Result<Server | undefined>> {
  const listening = readListening(settings.text('server.listen'));
  if (listening.kind === 'off') return ok(undefined);
  const key = await openLoginKey(folder);
  if (!key.ok) return key;
  // Loaded for those who want a page: it is the larger half of the agent's memory.
  const { openServer } = await import('../server/open-server.ts');
  return await openServer({
    ...given,
    listening,
    hosts: settings.list('server.hosts'),
    key: key.value,
    passwordFile: passwordFile(folder),
    sessionMs: settings.duration('server.session'),
    mayBan: settings.isOn('server.bans'),
    mayChange: settings.isOn('server.changes'),
  });
}

export function passwordFile(folder: string): string {
  return `${folder}/web-password`;
}
