/**
 * The words that productions of the log grammar are written in (log-productions.ts). A production is
 * a row of parts; log-match.ts reads a line by it, log-render.ts writes one, so that neither can know
 * anything that the other does not.
 */
import type { LogKind } from './event.ts';

export type Part =
  | string
  /** `take` says how far the field goes; see the functions below. */
  | { readonly field: string; readonly take: Take }
  | { readonly field: string; readonly opening: string }
  | { readonly field: string; readonly values: readonly string[] }
  /** Wording that sets a field to a value that is not in the text. */
  | { readonly wording: string; readonly sets: Readonly<Record<string, string | true>> }
  | { readonly host: HostStyle }
  | { readonly tags: true }
  | { readonly maybe: readonly Part[] };

export type Take = 'word' | 'name' | 'number' | 'count' | 'text' | 'rest' | 'address' | 'quoted';

/** See flaggedHost, bareHost, fullHost, remoteHost, bracketedAddress, bareAddress below. */
export type HostStyle = 'flagged' | 'bare' | 'full' | 'remote' | 'bracketed' | 'address';

export interface Production {
  readonly kind: LogKind;
  readonly form: string;
  readonly parts: readonly Part[];
  /** Fields that are the same in every line of this form. */
  readonly fixed: Readonly<Record<string, string>>;
}

export function production(
  kind: LogKind,
  form: string,
  parts: readonly Part[],
  fixed: Readonly<Record<string, string>> = {},
): Production {
  return { kind, form, parts, fixed };
}

/** Up to the next space; not empty. */
export function word(field: string): Part {
  return { field, take: 'word' };
}

/** A name of the configuration's: letters, digits and underscores (readconf_readname() of Exim's readconf.c). */
export function name(field: string): Part {
  return { field, take: 'name' };
}

/** Decimal digits, a sign and a decimal point. */
export function number(field: string): Part {
  return { field, take: 'number' };
}

/** A whole number, kept as one. */
export function count(field: string): Part {
  return { field, take: 'count' };
}

/** Text that the peer may choose, up to the following part; every place where that fits is tried. */
export function text(field: string): Part {
  return { field, take: 'text' };
}

/** All that is left of the line. */
export function rest(field: string): Part {
  return { field, take: 'rest' };
}

/** All of the line, which has to start with these words. */
export function opening(field: string, words: string): Part {
  return { field, opening: words };
}

/**
 * An envelope address as Exim has parsed it (RFC 5321 mailbox): a space or `>` can only stand inside
 * a quoted local part, so where it ends is certain. May be empty.
 */
export function address(field: string): Part {
  return { field, take: 'address' };
}

/** `"…"`: up to 4.98.2 inner quotes stand as they are, from 4.99 with a backslash before them. */
export function quoted(field: string): Part {
  return { field, take: 'quoted' };
}

export function oneOf(field: string, ...values: readonly string[]): Part {
  return { field, values };
}

export function wording(words: string, sets: Readonly<Record<string, string | true>>): Part {
  return { wording: words, sets };
}

export function maybe(...parts: readonly Part[]): Part {
  return { maybe: parts };
}

/** `H=host [address] I=[…] U=ident Ci=id`, or `U=user` for a local one: host_and_ident(TRUE). */
export const flaggedHost: Part = { host: 'flagged' };

/** The same without `H=`, or the bare user: host_and_ident(FALSE). */
export const bareHost: Part = { host: 'bare' };

/** A host that has to be one, without ident and connection id: sender_fullhost. */
export const fullHost: Part = { host: 'full' };

/** A host that we talk to, `name [address]:port`: no client has a say in it. */
export const remoteHost: Part = { host: 'remote' };

/** `[address]` alone. */
export const bracketedAddress: Part = { host: 'bracketed' };

/** An address without brackets. */
export const bareAddress: Part = { host: 'address' };

/** ` NAME=value` and flags, any number, in any order. */
export const tags: Part = { tags: true };
