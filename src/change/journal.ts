/**
 * What is needed to take a change back after a crash: the old files, byte for byte, with owners and
 * modes, and the service as it was. It lies below Portreeve's state, root's alone, because it may hold
 * keys; it exists from before the first edit until the change is recorded or undone.
 *
 * `pending/` appears whole or not at all (made beside, synced, renamed). The file `proved` in it is
 * the point of no return: without it a crashed change is taken back, with it the record is made good.
 * A change that has to be confirmed stays, with the file `waiting`, until it is confirmed or taken back.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { exists, makeFolder, readText, removeAll } from '../host/files.ts';
import { moveDurably } from '../host/move-durably.ts';
import type { Person } from '../host/person.ts';
import type { PathState } from '../host/path-state.ts';
import { realPath } from '../host/real-path.ts';
import { removeFile, replaceFile } from '../host/replace-file.ts';
import { stateFolder } from '../host/state-folder.ts';
import { readWholeFile } from '../host/whole-file.ts';
import { folderName } from '../history/folder-name.ts';
import type { PreparedEdit } from './prepared-edit.ts';
import { type Waiting, waitingShape } from './waiting.ts';

export interface Journal {
  /** What people call it by. */
  readonly id: string;
  readonly reason: string;
  readonly person: Person;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly service: unknown;
  /** The boot that it was begun in; in another one the service is started by others, later. */
  readonly bootId: string;
  /** It has to be confirmed within so many milliseconds after its proof. */
  readonly confirmWithinMs?: number;
  /** `after` is not kept: nobody goes forward from here. */
  readonly edits: readonly Omit<PreparedEdit, 'after'>[];
}

const stateShape = z.strictObject({
  kind: z.enum(['file', 'folder', 'link', 'fifo', 'socket', 'device']),
  uid: z.int(),
  gid: z.int(),
  mode: z.int(),
  device: z.string().optional(),
  sameAs: z.string().optional(),
  /** Names with values in base64. */
  attributes: z.array(z.tuple([z.string(), z.string()])),
  content: z.string(),
});
/** A journal as it was found, and how far the change had come. */
export interface FoundJournal extends Journal {
  readonly proved: boolean;
  readonly waiting?: Waiting;
}

const shape = z.strictObject({
  version: z.literal(2),
  id: z.string(),
  reason: z.string(),
  person: z.strictObject({ name: z.string(), email: z.string() }),
  at: z.number(),
  service: z.unknown(),
  bootId: z.string(),
  confirmWithinMs: z.number().optional(),
  edits: z.array(z.strictObject({ path: z.string(), before: stateShape.optional() })),
});

const privateLook = { uid: 0, gid: 0, mode: 0o600 };

/** The private folder of a tracked folder's changes; made where it is not there. */
export async function journalFolder(folder: string): Promise<Result<string>> {
  // The state folder itself is not secret (the agent keeps its store there); all below this is.
  const state = await makeFolder(stateFolder());
  if (!state.ok) return state;
  const place = `${stateFolder()}/changes/${folderName(folder)}`;
  const made = await makeFolder(place, 0o700);
  return made.ok ? await realPath(place) : made;
}

export async function writeJournal(place: string, journal: Journal): Promise<Result<void>> {
  const making = `${place}/pending.making`;
  const cleared = await removeAll(making);
  if (!cleared.ok) return cleared;
  const made = await makeFolder(making, 0o700);
  if (!made.ok) return made;
  const edits: unknown[] = [];
  for (const [index, { path, before }] of journal.edits.entries()) {
    const content = `before-${index}`;
    if (before !== undefined) {
      const copied = await replaceFile(`${making}/${content}`, before.content, privateLook);
      if (!copied.ok) return copied;
    }
    edits.push({ path, ...(before === undefined ? {} : { before: kept(before, content) }) });
  }
  const text = JSON.stringify({ version: 2, ...journal, edits });
  const written = await replaceFile(`${making}/journal.json`, Buffer.from(text), privateLook);
  return written.ok ? await moveDurably(making, `${place}/pending`) : written;
}

function kept(before: PathState, content: string): z.infer<typeof stateShape> {
  const { kind, uid, gid, mode, device, sameAs } = before;
  const attributes = [...before.attributes].map(([name, value]): [string, string] => [
    name,
    value.toString('base64'),
  ]);
  return {
    kind,
    uid,
    gid,
    mode,
    attributes,
    content,
    ...(device === undefined ? {} : { device }),
    ...(sameAs === undefined ? {} : { sameAs }),
  };
}

export async function markProved(place: string): Promise<Result<void>> {
  return await replaceFile(`${place}/pending/proved`, Buffer.alloc(0), privateLook);
}

/** From here on it lies in the hands of whoever confirms it. */
export async function markWaiting(place: string, waiting: Waiting): Promise<Result<void>> {
  return await replaceFile(`${place}/pending/waiting`, Buffer.from(JSON.stringify(waiting)), privateLook);
}

/** From here on a crash is taken back again. */
export async function unmarkProved(place: string): Promise<Result<void>> {
  return await removeFile(`${place}/pending/proved`);
}

/** First out of sight at once, then removed at leisure. */
export async function dropJournal(place: string): Promise<Result<void>> {
  const cleared = await removeAll(`${place}/done`);
  if (!cleared.ok) return cleared;
  const moved = await moveDurably(`${place}/pending`, `${place}/done`);
  return moved.ok ? await removeAll(`${place}/done`) : moved;
}

/** The change that is not settled (interrupted, or waiting), if there is one. */
export async function readJournal(place: string): Promise<Result<FoundJournal | undefined>> {
  const path = `${place}/pending/journal.json`;
  const text = await readText(path);
  if (!text.ok) return text.problem.kind === 'missing' ? ok(undefined) : text;
  const read = shape.safeParse(parseJson(text.value));
  if (!read.success) {
    return fail('configuration', `cannot repair an interrupted change: its journal must be whole: ${path}`, {
      path,
      hint: `the files as they were lie beside it; put them back, then remove ${place}/pending`,
    });
  }
  const edits: Omit<PreparedEdit, 'after'>[] = [];
  for (const { path: target, before } of read.data.edits) {
    if (before === undefined) {
      edits.push({ path: target });
      continue;
    }
    const old = await readWholeFile(`${place}/pending/${before.content}`);
    if (!old.ok) return old;
    if (old.value === undefined) {
      return fail('missing', `cannot repair an interrupted change: ${target} must be kept: it is not`, {
        path,
      });
    }
    const { device, sameAs, ...rest } = before;
    edits.push({
      path: target,
      before: {
        ...rest,
        content: old.value.content,
        attributes: new Map(before.attributes.map(([name, value]) => [name, Buffer.from(value, 'base64')])),
        ...(device === undefined ? {} : { device }),
        ...(sameAs === undefined ? {} : { sameAs }),
      },
    });
  }
  const waiting = await readText(`${place}/pending/waiting`);
  if (!waiting.ok && waiting.problem.kind !== 'missing') return waiting;
  // Written whole or not at all; one that means nothing is as good as overdue.
  const until = waiting.ok ? (waitingShape.safeParse(parseJson(waiting.value)).data ?? overdue) : undefined;
  const { version: _, confirmWithinMs, ...known } = read.data;
  return ok({
    ...known,
    edits,
    proved: await exists(`${place}/pending/proved`),
    ...(confirmWithinMs === undefined ? {} : { confirmWithinMs }),
    ...(until === undefined ? {} : { waiting: until }),
  });
}

const overdue: Waiting = { commit: '', until: 0, bootId: '', uptimeMs: 0 };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
