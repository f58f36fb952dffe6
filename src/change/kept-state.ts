/** A path as it was, in the journal: all but its content, which lies beside it as a file of its own. */
import { z } from 'zod';
import type { PathState } from '../host/path-state.ts';

/** `content`: the name of the file with its content. */
interface Kept extends Omit<PathState, 'content' | 'attributes' | 'inode' | 'device' | 'sameAs'> {
  readonly content: string;
  /** Names with values in base64. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly device?: string | undefined;
  readonly sameAs?: string | undefined;
}

export const keptShape: z.ZodType<Kept> = z.strictObject({
  kind: z.enum(['file', 'folder', 'link', 'fifo', 'socket', 'device']),
  uid: z.int(),
  gid: z.int(),
  mode: z.int(),
  device: z.string().optional(),
  sameAs: z.string().optional(),
  attributes: z.array(z.tuple([z.string(), z.string()])),
  content: z.string(),
});

export function keptState(state: PathState, content: string): Kept {
  const { kind, uid, gid, mode, device, sameAs } = state;
  const attributes = [...state.attributes].map(([name, value]): [string, string] => [
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

export function restoredState(kept: Kept, content: Buffer): PathState {
  const { device, sameAs, ...rest } = kept;
  return {
    ...rest,
    content,
    attributes: new Map(kept.attributes.map(([name, value]) => [name, Buffer.from(value, 'base64')])),
    ...(device === undefined ? {} : { device }),
    ...(sameAs === undefined ? {} : { sameAs }),
  };
}
