/**
 * A network: the addresses that begin with the same bits. A single address is a network of all of its
 * bits. Bits after the prefix are cleared, so that two spellings of a network are one.
 */
import ipaddr from 'ipaddr.js';
import { type Address, isIPv6, parseAddress } from './address.ts';
import { addressWords, type Words } from './address-words.ts';

export interface Network {
  /** `192.0.2.0/24`; a single address stands without its length. */
  readonly text: string;
  readonly words: Words;
  /** Of the 128 bits; IPv4 has its own behind 96. */
  readonly bits: number;
}

/** An address, or one with the length of a prefix; undefined where the text is neither. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  if (slash === -1) {
    const single = parseAddress(text);
    return single === undefined ? undefined : networkOf(single, 128);
  }
  const written = text.slice(0, slash);
  const address = parseAddress(written);
  const length = text.slice(slash + 1);
  if (address === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const isMapped = written.includes(':') && !isIPv6(address);
  const bits = Number(length) + (isIPv6(address) || isMapped ? 0 : 96);
  // Fewer bits than the mapping has would be all of IPv4 and something of IPv6: no network of either.
  return bits > 128 || (isMapped && bits < 96) ? undefined : networkOf(address, bits);
}

/** The network of so many of the 128 bits that an address is in. */
export function networkOf(address: Address, bits: number): Network {
  const words = addressWords(address);
  // Most networks are one address, whose text is at hand.
  return bits === 128 ? { text: address, words, bits } : networkOfWords(words, bits);
}

export function networkOfWords(words: Words, bits: number): Network {
  const masked = prefixWords(words, bits);
  const bytes = masked.flatMap((word) => [24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff));
  const isIPv4 = bits >= 96 && masked[0] === 0 && masked[1] === 0 && masked[2] === 0xffff;
  const address = isIPv4
    ? bytes.slice(12).join('.')
    : (ipaddr.fromByteArray(bytes) as ipaddr.IPv6).toRFC5952String();
  const text = bits === 128 ? address : `${address}/${isIPv4 ? bits - 96 : bits}`;
  return { text, words: masked, bits };
}

export function prefixWords(words: Words, bits: number): Words {
  const mask = (place: number): number => {
    const kept = Math.min(32, Math.max(0, bits - place * 32));
    return kept === 0 ? 0 : -1 << (32 - kept);
  };
  return [words[0] & mask(0), words[1] & mask(1), words[2] & mask(2), words[3] & mask(3)];
}

export function covers(network: Network, words: Words): boolean {
  const masked = prefixWords(words, network.bits);
  return network.words.every((word, place) => word === masked[place]);
}

/** Whether they have an address in common: then one holds the other. */
export function overlap(one: Network, other: Network): boolean {
  return one.bits <= other.bits ? covers(one, other.words) : covers(other, one.words);
}
