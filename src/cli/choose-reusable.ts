/** Shows the certificates that this host has already, and picks the one that covers the mail host. */
import { fail, ok, type Result } from '../base/result.ts';
import { coversName } from '../tls/covers-name.ts';
import { findReusablePairs, type ReusablePair } from '../tls/source/reusable-pairs.ts';
import type { ReuseSource } from '../tls/source/source.ts';
import type { Speaker } from './speak.ts';

export async function chooseReusable(
  speak: Speaker,
  names: readonly string[],
  now: number,
): Promise<Result<ReuseSource>> {
  const { usable, unusable } = await findReusablePairs();
  const covering = usable.filter((pair) => covers(pair, names, now));
  // The one that lasts longest; a tie goes to Let's Encrypt, which stands first.
  const [chosen] = covering.toSorted((a, b) => b.leaf.notAfter - a.leaf.notAfter);
  for (const pair of usable) {
    const mark = pair === chosen ? speak.style.good('->') : '  ';
    const until = new Date(pair.leaf.notAfter).toISOString().slice(0, 10);
    const ended = pair.leaf.notAfter <= now ? speak.style.bad('expired') : 'valid until';
    speak.line(
      `${mark} ${pair.owner.padEnd(13)} ${pair.cert}  ${ended} ${until}  ${pair.leaf.names.join(', ')}`,
    );
  }
  for (const { owner, cert, reason } of unusable) speak.line(`   ${owner.padEnd(13)} ${cert}  ${reason}`);
  if (chosen !== undefined) {
    const { cert, key, chain } = chosen;
    return ok({ kind: 'reuse', cert, key, ...(chain === undefined ? {} : { chain }) });
  }
  const current = usable.length === 0 ? 'there is none at all' : 'none of them does';
  return fail(
    'missing',
    `cannot reuse a certificate: one that is valid must cover ${names.join(', ')}: ${current}`,
    {
      hint: "looked at: Let's Encrypt's live folders, the configuration of nginx and of Apache; add the name there, or get one for mail: --acme, --ca",
    },
  );
}

function covers({ leaf }: ReusablePair, names: readonly string[], now: number): boolean {
  return leaf.notAfter > now && leaf.notBefore <= now && names.every((name) => coversName(leaf.names, name));
}
