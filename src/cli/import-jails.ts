/** Takes fail2ban's jails over: what becomes of each, the setting that has them run, the bans in force. */
import { type Failed, fail, ok, type Ok, type Result } from '../base/result.ts';
import { type KeptBan, keptBans } from '../fail2ban/import/kept-bans.ts';
import { setInToml } from '../fail2ban/import/set-in-toml.ts';
import type { Jail } from '../fail2ban/jail/jail.ts';
import { readJails, type ReadJails } from '../fail2ban/jail/read-jails.ts';
import { mailPorts } from '../guard/mail-socket.ts';
import { systemClock } from '../host/clock.ts';
import { makeFolder } from '../host/files.ts';
import { giveFiles } from '../host/give-files.ts';
import { dirname } from '../host/paths.ts';
import { replaceFile } from '../host/replace-file.ts';
import { readSettingsFile } from '../host/settings-file.ts';
import { stateFolder } from '../host/state-folder.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import type { ExitStatus } from './exit-status.ts';
import { standardPlace } from './standard-place.ts';
import { finish } from './log-options.ts';
import type { Speaker } from './speak.ts';

export interface ImportOptions {
  readonly config?: string | undefined;
  readonly dryRun: boolean;
  readonly database: string;
}

export async function importJails(
  speak: Speaker,
  folder: string,
  options: ImportOptions,
): Promise<Ok<ExitStatus> | Failed> {
  const now = systemClock.now();
  const read = await readJails(folder, new Date(now).getUTCFullYear());
  if (!read.ok) return read;
  const kept = await keptBans(options.database, now);
  const bans = (kept.ok ? kept.value : []).filter((ban) => holdsForMail(ban, read.value.jails));
  speak.document({ folder, dryRun: options.dryRun, ...described(read.value), bans: bans.length });
  show(speak, read.value);
  speak.line(`bans in force that are taken over: ${bans.length}`);
  const problems = [...read.value.problems.map(({ problem }) => problem), ...(kept.ok ? [] : [kept.problem])];
  if (options.dryRun) return ok(finish(speak, problems, 0));
  if (read.value.jails.length === 0) return fail('no', `cannot import: no jail of ${folder} can be run`);
  const written = await writeSetting(options.config ?? standardPlace, folder);
  if (!written.ok) return written;
  const saved = await saveBans(bans, now);
  if (!saved.ok) return saved;
  speak.line(
    `${options.config ?? standardPlace}: fail2ban.config = ${folder}; the agent runs the jails from its next start`,
  );
  return ok(finish(speak, problems, 0));
}

/** The guard's own bans hold on the mail ports: those of a jail for others come again by themselves. */
function holdsForMail({ jail }: KeptBan, jails: readonly Jail[]): boolean {
  const found = jails.find(({ name }) => name === jail);
  return (
    found !== undefined &&
    (found.ports === 'all' || mailPorts.some((port) => found.ports.includes(port as never)))
  );
}

function described({ jails, problems, disabled }: ReadJails): object {
  return {
    jails: jails.map(({ name, filter, logs, ports, maxRetry, findTime, banTime, changed, left }) => {
      const bantime = banTime.seconds(0, 0);
      return { name, filter, logs, ports, maxretry: maxRetry, findtime: findTime, bantime, changed, left };
    }),
    problems: problems.map(({ jail, problem }) => ({ jail, ...problem })),
    disabled: disabled.length,
  };
}

function show(speak: Speaker, { jails, problems, disabled }: ReadJails): void {
  const rows = jails.map((jail) => [
    jail.name,
    jail.filter,
    `${jail.maxRetry} in ${jail.findTime} s`,
    `${jail.banTime.seconds(0, 0)} s${jail.banTime.increments ? ', growing' : ''}`,
    jail.ports === 'all' ? 'all ports' : `ports ${portText(jail.ports)}`,
    jail.logs.length === 0 ? 'journal: not followed yet' : jail.logs.join(' '),
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(0, ...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const [place, row] of rows.entries()) {
    speak.line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
    for (const each of jails[place]?.changed ?? []) speak.line(speak.style.dim(`    changed: ${each}`));
    for (const each of jails[place]?.left ?? []) speak.line(speak.style.warn(`    left: ${each}`));
  }
  speak.line(
    `${jails.length} jails taken over, ${problems.length} cannot be run, ${disabled.length} are not enabled`,
  );
}

async function writeSetting(path: string, folder: string): Promise<Result<void>> {
  const before = await readSettingsFile(path);
  if (!before.ok) return before;
  const made = await makeFolder(dirname(path));
  if (!made.ok) return made;
  return await replaceFile(path, Buffer.from(setInToml(before.value ?? '', 'fail2ban', 'config', folder)));
}

async function saveBans(bans: readonly KeptBan[], now: number): Promise<Result<void>> {
  if (bans.length === 0) return ok();
  const folder = `${stateFolder()}/agent`;
  const opened = await openStore(folder, now);
  if (!opened.ok) return opened;
  const { store, problem } = opened.value;
  if (problem !== undefined) return { ok: false, problem };
  const saved = store.save({
    bans: bans
      .filter((ban) => !isKnown(store, ban))
      .map(({ target, began, until, jail, count, evidence }) => ({
        target: target.text,
        began,
        until,
        rule: `jail ${jail}`,
        reason: 'taken over from fail2ban',
        offences: count,
        evidence,
        mailBefore: 0,
        attempts: 0,
        mailLost: 0,
      })),
  });
  store.close();
  if (!saved.ok) return saved;
  // Root imports, and the agent, who is not root, writes the store from then on.
  return await giveFiles(folder, ['portreeve.db', 'portreeve.db-wal', 'portreeve.db-shm']);
}

/** Taken over by an import before this one. */
function isKnown(store: Store, { target, began, jail }: KeptBan): boolean {
  const known = store.bansOf(target.text);
  return known.ok && known.value.some((ban) => ban.began === began && ban.rule === `jail ${jail}`);
}

/** Neighbours as a range. */
function portText(ports: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const port of ports) {
    const last = ranges.at(-1);
    if (last !== undefined && port === last[1] + 1) last[1] = port;
    else ranges.push([port, port]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
