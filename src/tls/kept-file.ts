/** A path as it was before Portreeve wrote there, for the record; and as the edit that puts it back. */
import { z } from 'zod';
import type { Edit } from '../base/edit.ts';
import type { Accounts } from '../host/accounts.ts';
import type { PathState } from '../host/path-state.ts';

export interface KeptFile {
  readonly path: string;
  /** Null where there was nothing. */
  readonly state: {
    readonly kind: 'file' | 'link';
    readonly owner: string;
    readonly group: string;
    readonly mode: number;
    /** Base64, as are the values of the attributes. */
    readonly content: string;
    readonly attributes: readonly (readonly [name: string, value: string])[];
  } | null;
}

export const keptFileShape: z.ZodType<KeptFile> = z.strictObject({
  path: z.string().startsWith('/'),
  state: z.nullable(
    z.strictObject({
      kind: z.enum(['file', 'link']),
      owner: z.string(),
      group: z.string(),
      mode: z.int(),
      content: z.base64(),
      attributes: z.array(z.tuple([z.string(), z.string()])),
    }),
  ),
});

export function keptFile(path: string, state: PathState | undefined, accounts: Accounts): KeptFile {
  if (state === undefined || (state.kind !== 'file' && state.kind !== 'link')) return { path, state: null };
  const { kind, uid, gid, mode, content } = state;
  const attributes = [...state.attributes].map(([name, value]): [string, string] => [
    name,
    value.toString('base64'),
  ]);
  const [owner, group] = [accounts.userName(uid), accounts.groupName(gid)];
  return { path, state: { kind, owner, group, mode, content: content.toString('base64'), attributes } };
}

export function putBack({ path, state }: KeptFile): Edit {
  if (state === null) return { path, content: null };
  const { content, attributes, ...look } = state;
  return {
    path,
    ...look,
    content: Buffer.from(content, 'base64'),
    attributes: new Map(attributes.map(([name, value]) => [name, Buffer.from(value, 'base64')])),
  };
}
