/**
 * `portreeve history packages before|after`: what apt's hook calls (packaging/apt). The run before is recorded
 * as drift, what the packages did to tracked folders with the list of them. Status 0, always: no problem of
 * ours may stop an upgrade; it is told on standard error.
 */
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { ok, type Result } from '../../base/result.ts';
import { recordChange } from '../../change/record-change.ts';
import { makeFolder, readText, removeAll, writeText } from '../../host/files.ts';
import { personNamed } from '../../host/person.ts';
import { stateFolder } from '../../host/state-folder.ts';
import { succeed } from '../../host/succeed.ts';
import { packageChanges, packagesReason } from '../../history/package-changes.ts';
import { parseReason } from '../../history/reason.ts';
import { trackedFolders } from '../../history/repository.ts';
import { act } from '../act.ts';
import type { Speaker } from '../speak.ts';

export function historyPackages(): Command {
  return new Command('packages')
    .description('record what a run of the package manager does; for its hook')
    .addArgument(new Argument('<when>', 'of the run').choices(['before', 'after']))
    .action(
      act(z.object({}), async ({ speak, args: [when] }) => {
        const done = await (when === 'before' ? before(speak) : after(speak));
        if (!done.ok) speak.problem(done.problem);
        return ok(0);
      }),
    );
}

const listPath = (): string => `${stateFolder()}/packages-before`;

async function before(speak: Speaker): Promise<Result<void>> {
  const list = await installedPackages();
  if (!list.ok) return list;
  const folder = await makeFolder(stateFolder());
  if (!folder.ok) return folder;
  const written = await writeText(listPath(), list.value, 0o600);
  const recorded = await recordAll(speak, 'drift before a run of the package manager');
  return written.ok ? recorded : written;
}

async function after(speak: Speaker): Promise<Result<void>> {
  const list = await installedPackages();
  if (!list.ok) return list;
  const old = await readText(listPath());
  const changes = packageChanges(old.ok ? old.value : list.value, list.value);
  const recorded = await recordAll(speak, packagesReason(changes));
  const removed = await removeAll(listPath());
  return recorded.ok ? removed : recorded;
}

async function installedPackages(): Promise<Result<string>> {
  // Of removed packages with configuration left, the version stays; their status tells them apart.
  const format = '${db:Status-Abbrev} ${binary:Package} ${Version}\\n';
  const ran = await succeed('list the packages', ['dpkg-query', '--show', `--showformat=${format}`]);
  if (!ran.ok) return ran;
  const lines = ran.value.stdout.split('\n').filter((line) => /^.[^nc]/.test(line));
  return ok(lines.map((line) => `${line.trim().split(/ +/).slice(1).join(' ')}\n`).join(''));
}

async function recordAll(speak: Speaker, text: string): Promise<Result<void>> {
  const reason = parseReason(text);
  if (!reason.ok) return reason;
  const folders = await trackedFolders();
  if (!folders.ok) return folders;
  for (const folder of folders.value) {
    const options = { person: personNamed('packages') };
    const recorded = await recordChange(folder, reason.value, () => undefined, options);
    if (!recorded.ok) speak.problem(recorded.problem);
    else if (recorded.value.differences.length > 0) {
      speak.note(`portreeve: recorded ${recorded.value.differences.length} changes of ${folder}`);
    }
  }
  return ok();
}
