/** The addresses of this machine's own interfaces, loopback included. */
import { networkInterfaces } from 'node:os';
import { type Address, parseAddress } from '../base/address.ts';

export function ownAddresses(): Address[] {
  return Object.values(networkInterfaces()).flatMap((interfaces) =>
    (interfaces ?? []).flatMap(({ address }) => parseAddress(address.replace(/%.*$/, '')) ?? []),
  );
}
