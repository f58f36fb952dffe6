/**
 * Where a socket is reached, best first: at an address of this machine's that others reach, where it
 * listens on any. A daemon that came back on loopback alone would answer there as ever, and a relay that is
 * open to the world is not seen from loopback, which may always relay.
 */
import { ownAddresses } from '../host/own-addresses.ts';

export function askedFromOutside(address: string): string[] {
  if (address !== '0.0.0.0' && address !== '::') return [address];
  const own = ownAddresses().filter(isPublicSide);
  const ipv4 = own.filter((each) => !each.includes(':')).slice(0, 1);
  if (address === '0.0.0.0') return [...ipv4, '127.0.0.1'];
  const ipv6 = own.filter((each) => each.includes(':')).slice(0, 1);
  return [...ipv4, ...ipv6, '127.0.0.1', '::1'];
}

/** Neither loopback nor link-local. */
function isPublicSide(address: string): boolean {
  return !/^(?:127\.|169\.254\.|::1$|fe[89ab][0-9a-f]:)/i.test(address);
}
