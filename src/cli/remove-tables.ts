/** Takes every table of the guard's out of the firewall: its own, and those of jails for other ports. */
import { ok, type Result } from '../base/result.ts';
import { NftFirewall } from '../guard/firewall/nft.ts';
import { succeed } from '../host/succeed.ts';

export async function removeTables(): Promise<Result<void>> {
  const listed = await succeed('look at the firewall', ['nft', 'list', 'tables', 'inet']);
  if (!listed.ok) return listed;
  for (const [, table = ''] of listed.value.stdout.matchAll(/^table inet (portreeve(?:_[0-9a-z_]+)?)$/gm)) {
    const removed = await new NftFirewall({ table }).remove();
    if (!removed.ok) return removed;
  }
  return ok();
}
