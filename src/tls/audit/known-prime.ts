/**
 * The primes that everybody shares: RFC 7919 (ffdhe) from e, RFC 2409 and RFC 3526 (modp) from pi, by the formulas
 * that those RFCs give. A prime of 1024 bits that many servers share is worth breaking (Logjam).
 */
const ffdhe = [
  [2048, 1918, 560316],
  [3072, 2942, 2625351],
  [4096, 3966, 5736041],
  [6144, 6014, 15705020],
  [8192, 8062, 10965728],
] as const;

const modp = [
  [768, 638, 149686],
  [1024, 894, 129093],
  [1536, 1406, 741804],
  [2048, 1918, 124476],
  [3072, 2942, 1690314],
  [4096, 3966, 240904],
  [6144, 6014, 929484],
  [8192, 8062, 4743158],
] as const;

/** `ffdhe2048`, `modp1024`…; undefined for a prime of the server's own. `prime` in hexadecimal. */
export function knownPrime(prime: string): string | undefined {
  const digits = prime.replace(/^(?:00)+/, '');
  const bits = digits.length * 4;
  const fits = ([size]: readonly [number, number, number]): boolean => size === bits;
  const [ours, theirs] = [ffdhe.find(fits), modp.find(fits)];
  if (ours !== undefined && primeText(bits, euler(ours[1]), ours[2]) === digits) return `ffdhe${bits}`;
  if (theirs !== undefined && primeText(bits, pi(theirs[1]), theirs[2]) === digits) return `modp${bits}`;
  return undefined;
}

function primeText(bits: number, constant: bigint, add: number): string {
  const two = (power: number): bigint => 1n << BigInt(power);
  return (two(bits) - two(bits - 64) + (constant + BigInt(add)) * two(64) - 1n).toString(16);
}

/** Bits beyond those that are wanted, so that the sum's rounding never reaches them. */
const guard = 64n;

/** floor(2^shift × e), by its series. */
function euler(shift: number): bigint {
  let term = 1n << (BigInt(shift) + guard);
  let sum = 0n;
  for (let n = 1n; term > 0n; n += 1n) {
    sum += term;
    term /= n;
  }
  return sum >> guard;
}

/** floor(2^shift × pi), by Machin's formula. */
function pi(shift: number): bigint {
  const one = 1n << (BigInt(shift) + guard);
  return (4n * (4n * arctangent(5n, one) - arctangent(239n, one))) >> guard;
}

/** one × arctan(1 / x). */
function arctangent(x: bigint, one: bigint): bigint {
  let power = one / x;
  let sum = 0n;
  for (let n = 1n; power > 0n; n += 2n) {
    sum += (n % 4n === 1n ? power : -power) / n;
    power /= x * x;
  }
  return sum;
}
