/**
 * Shows what a change of TLS would do (in words, and as a diff), asks, carries it out, and keeps the record
 * that takes it back.
 */
import { type Failed, fail, ok, type Ok, type Result } from '../base/result.ts';
import type { Edit } from '../base/edit.ts';
import type { Proof } from '../change/change.ts';
import { holdProof } from '../change/hold-proof.ts';
import { makeChange } from '../change/make-change.ts';
import { debianPlaces } from '../exim/debian-places.ts';
import { readAccounts } from '../host/accounts.ts';
import { systemClock } from '../host/clock.ts';
import { readPathState } from '../host/path-state.ts';
import { ask, atTerminal } from '../host/prompt.ts';
import { isSecret } from '../history/secret.ts';
import type { EnablePlan } from '../tls/enable.ts';
import { type EnabledRecord, readEnabledRecord, writeEnabledRecord } from '../tls/enabled-record.ts';
import { type KeptFile, keptFile } from '../tls/kept-file.ts';
import type { ExitStatus } from './exit-status.ts';
import { finishFirst } from './finish-first.ts';
import { showDiff } from './show-diff.ts';
import type { Speaker } from './speak.ts';
import { stepTeller } from './step-teller.ts';

export async function showTlsPlan(
  speak: Speaker,
  { edits, words, warnings }: EnablePlan,
  proofs: readonly Proof[],
): Promise<Result<void>> {
  if (words.length > 0) speak.line(speak.style.bold('This would:'));
  for (const each of words) speak.line(`  ${each}`);
  for (const { claim } of proofs) speak.line(`  prove that ${claim}`);
  for (const warning of warnings) speak.line(`${speak.style.warn('note')}  ${warning}`);
  if (edits.length > 0) speak.line();
  for (const edit of edits) {
    const shown = await showEdit(speak, edit);
    if (!shown.ok) return shown;
  }
  return ok();
}

async function showEdit(speak: Speaker, { path, content, owner, group, mode }: Edit): Promise<Result<void>> {
  const before = await readPathState(path);
  if (!before.ok) return before;
  const look =
    mode === undefined
      ? ''
      : `  (${owner ?? 'root'}:${group ?? 'root'} ${mode.toString(8).padStart(4, '0')})`;
  const now = before.value?.content ?? Buffer.alloc(0);
  const after = content ?? Buffer.alloc(0);
  if (isSecret(path, after) || isSecret(path, now) || before.value?.kind === 'link') {
    speak.line(`${content === null ? 'remove' : 'write'} ${path}${look}; its content is not shown`);
    return ok();
  }
  const folder = debianPlaces.folder;
  return await showDiff(speak, { folder, path, exists: before.value !== undefined, content: now }, after);
}

/** True where it may go on. */
export async function agreed(speak: Speaker, yes: boolean): Promise<Result<boolean>> {
  if (yes) return ok(true);
  if (!atTerminal()) {
    return fail('usage', 'cannot change anything: needs a yes: nobody is at a terminal to be asked', {
      hint: 'look at the plan with --dry-run, then give --yes',
    });
  }
  const answer = await ask('Do it? [y/N] ');
  if (/^y(?:es)?$/i.test(answer?.trim() ?? '')) return ok(true);
  speak.note('nothing was touched');
  return ok(false);
}

export interface TlsChange {
  readonly edits: readonly Edit[];
  readonly proofs: readonly Proof[];
  readonly reason: string;
  /** The record afterwards, but for what it is to be taken back by; undefined: there is none. */
  readonly record: Omit<EnabledRecord, 'before' | 'after' | 'at'> | undefined;
  readonly now: number;
}

export async function carryOutTls(speak: Speaker, change: TlsChange): Promise<Ok<ExitStatus> | Failed> {
  const { edits, proofs, reason, record, now } = change;
  const previous = await readEnabledRecord();
  if (!previous.ok) return previous;
  if (edits.length === 0) return await proveAgain(speak, change, previous.value);
  if (record !== undefined) {
    const kept = await keptBefore(previous.value, edits);
    if (!kept.ok) return kept;
    const after = leftBehind(previous.value, edits);
    // Written first: a crash between the two leaves a record of more than was done, which harms nobody.
    const written = await writeEnabledRecord({
      ...record,
      at: new Date(now).toISOString(),
      before: kept.value,
      after,
    });
    if (!written.ok) return written;
  }
  const made = await finishFirst(
    speak,
    async () => await makeChange({ folder: debianPlaces.folder, reason, edits, proofs }, stepTeller(speak)),
  );
  if (!made.ok) {
    const restored = record === undefined ? ok() : await writeEnabledRecord(previous.value);
    if (!restored.ok) speak.problem(restored.problem);
    return made;
  }
  if (record === undefined) {
    const removed = await writeEnabledRecord(undefined);
    if (!removed.ok) return removed;
  }
  speak.document({ changed: true, ...made.value });
  return ok(0);
}

/** Nothing to write does not mean that it is in force. */
async function proveAgain(
  speak: Speaker,
  { proofs, record, now }: TlsChange,
  previous: EnabledRecord | undefined,
): Promise<Ok<ExitStatus> | Failed> {
  speak.line('nothing to change: every file is so already');
  for (const proof of proofs) {
    const proved = await holdProof(proof, systemClock);
    if (!proved.ok) {
      const hint = 'the files are right, so Exim may need a reload: systemctl reload exim4';
      return { ok: false, problem: { ...proved.problem, hint } };
    }
    speak.line(`${speak.style.dim('prove'.padEnd(8))} ${proof.claim}: ${proved.value}`);
  }
  if (record !== undefined) {
    const { before = [], after = [], at = new Date(now).toISOString() } = previous ?? {};
    const written = await writeEnabledRecord({ ...record, before, after, at });
    if (!written.ok) return written;
  }
  speak.document({ changed: false });
  return ok(0);
}

async function keptBefore(
  previous: EnabledRecord | undefined,
  edits: readonly Edit[],
): Promise<Result<KeptFile[]>> {
  const kept = [...(previous?.before ?? [])];
  const accounts = await readAccounts();
  for (const { path } of edits) {
    if (kept.some((file) => file.path === path)) continue;
    const state = await readPathState(path);
    if (!state.ok) return state;
    kept.push(keptFile(path, state.value, accounts));
  }
  return ok(kept);
}

function leftBehind(previous: EnabledRecord | undefined, edits: readonly Edit[]): EnabledRecord['after'] {
  const left = new Map(previous?.after.map(({ path, content }) => [path, content]));
  for (const { path, content } of edits) {
    if (content !== null && !isSecret(path, content)) left.set(path, Buffer.from(content).toString('base64'));
  }
  return [...left].map(([path, content]) => ({ path, content }));
}
