/** Gets a pair from its source. What makes certificates takes long to load, so it is loaded when needed. */
import { ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../host/clock.ts';
import type { Pair } from './pair.ts';
import { readPair } from './read-pair.ts';
import type { Source } from './source.ts';

export interface Obtaining {
  readonly clock: Clock;
  /** The key that is in use, in PEM, for a source that keeps it. */
  readonly key?: string | undefined;
  /** Of the authority's key. */
  readonly passphrase?: string | undefined;
  readonly tell: (line: string) => void;
}

export async function obtainPair(
  source: Source,
  { clock, key, passphrase, tell }: Obtaining,
): Promise<Result<Pair>> {
  const now = clock.now();
  switch (source.kind) {
    case 'self-signed':
      return await (await import('./self-signed.ts')).makeSelfSigned(source, now);
    case 'authority': {
      const { issueLeaf } = await import('../authority.ts');
      const { names, keyType, days } = source;
      const leaf = await issueLeaf(source.folder, { names, keyType, days, passphrase, now });
      if (!leaf.ok) return leaf;
      const { certificate, root } = leaf.value;
      return ok({ certificate, key: leaf.value.key, roots: [root] });
    }
    case 'acme': {
      const { issueByAcme } = await import('../acme/issue-by-acme.ts');
      return await issueByAcme({ source, clock, tell, key: source.reuseKey ? key : undefined });
    }
    default:
      return await readPair(source);
  }
}
