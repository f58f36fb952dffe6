/** A path as it was, in the journal: all but its content, which lies beside it as a file of its own. */
import { z } from 'zod';
import type { PathState } from '../host/path-state.ts';

export const keptShape = z.strictObject({
  kind: z.enum(['file', 'folder', 'link', 'fifo', 'socket', 'device']),
  uid: z.int(),
  gid: z.int(),
  mode: z.int(),
  device: z.string().optional(),
  sameAs: z.string().optional(),
  /** Names with values in base64. */
  attributes: z.array(z.tuple([z.string(), z.string()])),
  /** The name of the file with its content. */
  content: z.string(),
});
type Kept = z.infer<typeof keptShape>;

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
