/**
 * The names that a certificate has to cover so that the mail of a domain may come here: those of its MX hosts
 * (RFC 5321, section 5.1) that are this machine. A relay of several answers for its own name alone.
 */
import type { Address } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';

export interface Exchanger {
  readonly name: string;
  readonly addresses: readonly Address[];
}

export interface MailNames {
  readonly names: readonly string[];
  /** MX hosts that lead to other machines. */
  readonly elsewhere: readonly string[];
  /** None leads to an address of this machine, as behind a translation of addresses: so all are in `names`. */
  readonly unsure: boolean;
}

/** `exchangers` as the name server tells them; without any, mail goes to the domain itself. */
export function mailNames(
  domain: string,
  exchangers: readonly Exchanger[],
  { hostName, own }: { readonly hostName: string; readonly own: readonly Address[] },
): Result<MailNames> {
  if (exchangers.length === 1 && exchangers[0]?.name === '') {
    return fail(
      'no',
      `cannot cover ${domain}: it must take mail: its null MX says that it does not (RFC 7505)`,
    );
  }
  if (exchangers.length === 0) return ok({ names: [domain], elsewhere: [], unsure: false });
  const isHere = ({ name, addresses }: Exchanger): boolean =>
    name.toLowerCase() === hostName.toLowerCase() || addresses.some((address) => own.includes(address));
  const here = exchangers.filter(isHere);
  const named = (all: readonly Exchanger[]): string[] => all.map(({ name }) => name.toLowerCase());
  if (here.length === 0) return ok({ names: named(exchangers), elsewhere: [], unsure: true });
  const elsewhere = exchangers.filter((exchanger) => !here.includes(exchanger));
  return ok({ names: named(here), elsewhere: named(elsewhere), unsure: false });
}
