/**
 * `portreeve history undo ID`: take one recorded change back, later work stays.
 * `portreeve history undo --to WHEN [PATH…]`: files, folders or everything as they were then.
 * Either is a change of its own: rehearsed, proved, recorded. Conflicts are shown, and nothing is done.
 */
import { Command } from 'commander';
import { z } from 'zod';
import { type Failed, fail, ok, type Ok, type Result } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { readText } from '../../host/files.ts';
import { findPoint } from '../../history/find-point.ts';
import { readLog } from '../../history/read-log.ts';
import { parseIdentity } from '../../history/recovery-key.ts';
import type { Repository } from '../../history/repository.ts';
import { type Undo, undoChange, type UndoOptions, undoTo } from '../../history/undo.ts';
import { act } from '../act.ts';
import { carryOut } from '../carry-out.ts';
import type { ExitStatus } from '../exit-status.ts';
import { inside } from '../inside.ts';
import type { Speaker } from '../speak.ts';
import { tracked } from '../tracked.ts';

const schema = z.object({
  to: z.string().optional(),
  reason: z.string().optional(),
  folder: z.string().optional(),
  keepSecrets: z.boolean().optional(),
  recoveryKey: z.string().optional(),
});

export function historyUndo(): Command {
  return new Command('undo')
    .description('take a recorded change back, or files, folders or everything to a time; as a change')
    .argument('[what...]', 'the record, as history log lists it; with --to: files and folders (default: all)')
    .option('--to <when>', 'a record, or a time: "last Tuesday 14:00", "before the upgrade of exim4"')
    .option('-m, --reason <text>', 'why (default: what it undoes)')
    .option('--keep-secrets', 'leave the content of keys and password files as it is now')
    .option('--recovery-key <file>', 'the key that opens sealed contents of keys and password files')
    .option('--folder <dir>', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(schema, async ({ speak, args, options }) => {
        const repository = await tracked(options.folder);
        if (!repository.ok) return repository;
        const identity = await identityIn(options.recoveryKey);
        if (!identity.ok) return identity;
        const secrets = {
          keepSecrets: options.keepSecrets === true,
          ...(identity.value && { identity: identity.value }),
        };
        const undo =
          options.to === undefined
            ? await ofChange(repository.value, args, secrets, options.reason)
            : await toTime(repository.value, args, options.to, secrets, options.reason);
        return undo.ok ? await undoNow(speak, repository.value.folder, undo.value) : undo;
      }),
    );
}

interface Intended {
  readonly undo: Undo;
  readonly reason: string;
}

async function ofChange(
  repository: Repository,
  args: readonly string[],
  secrets: UndoOptions,
  reason: string | undefined,
): Promise<Result<Intended>> {
  const [id, ...more] = args;
  if (id === undefined || more.length > 0) {
    return fail('usage', `cannot undo: it must be one record, or --to a time: ${args.length} were named`, {
      hint: 'portreeve history log lists the records; portreeve history undo --to "1 hour ago" FILE',
    });
  }
  const commit = await findPoint(repository, id, systemClock.now());
  if (!commit.ok) return commit;
  const undo = await undoChange(repository, commit.value, secrets);
  if (!undo.ok) return undo;
  const said = await saidOf(repository, commit.value);
  return said.ok ? ok({ undo: undo.value, reason: reason ?? `undo ${said.value}` }) : said;
}

async function toTime(
  repository: Repository,
  args: readonly string[],
  to: string,
  secrets: UndoOptions,
  reason: string | undefined,
): Promise<Result<Intended>> {
  const commit = await findPoint(repository, to, systemClock.now());
  if (!commit.ok) return commit;
  const paths: string[] = [];
  for (const given of args.length === 0 ? [repository.folder] : args) {
    const path = await inside(repository.folder, given);
    if (!path.ok) return path;
    paths.push(path.value);
  }
  const undo = await undoTo(repository, commit.value, paths, secrets);
  if (!undo.ok) return undo;
  const said = await saidOf(repository, commit.value);
  if (!said.ok) return said;
  const what = paths.includes('.') ? 'everything' : paths.join(', ').slice(0, 500);
  return ok({ undo: undo.value, reason: reason ?? `${what} as it was at ${said.value}` });
}

async function identityIn(file: string | undefined): Promise<Result<string | undefined>> {
  if (file === undefined) return ok(undefined);
  const text = await readText(file, 100_000);
  return text.ok ? await parseIdentity(text.value) : text;
}

async function saidOf(repository: Repository, commit: string): Promise<Result<string>> {
  const log = await readLog(repository, 1, commit);
  if (!log.ok) return log;
  return ok(`${commit.slice(0, 12)}: ${(log.value[0]?.reason.split('\n')[0] ?? '').slice(0, 200)}`);
}

async function undoNow(
  speak: Speaker,
  folder: string,
  { undo: { edits, conflicts }, reason }: Intended,
): Promise<Ok<ExitStatus> | Failed> {
  if (conflicts.length === 0) return await carryOut(speak, { folder, reason, edits, proofs: [] });
  for (const { path, why, lines = [] } of conflicts) {
    speak.line(`${speak.style.warn('conflict')} ${path}: ${why}`);
    for (const line of lines) speak.line(`    ${line}`);
  }
  speak.document({ folder, conflicts });
  const secrets = conflicts.some(({ why }) => why.includes('secret'));
  const sealed = conflicts.some(({ why }) => why.includes('sealed'));
  speak.note('nothing was done');
  speak.note(
    secrets
      ? `hint: --keep-secrets leaves keys and passwords as they are now${sealed ? '; --recovery-key FILE brings them back' : ''}`
      : 'hint: undo the later change first, go back with --to, or edit the file by hand',
  );
  return ok(1);
}
