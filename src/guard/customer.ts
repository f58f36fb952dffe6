/** The network that one customer of a provider has: an address of IPv4, a /64 of IPv6 (RFC 6177). */
import { type Address, isIPv6 } from '../base/address.ts';
import { type Network, networkOf } from '../base/network.ts';

export function customerOf(address: Address): Network {
  return networkOf(address, isIPv6(address) ? 64 : 128);
}
