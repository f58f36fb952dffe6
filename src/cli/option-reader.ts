/**
 * What reads a command's options from what commander gives: a zod schema is one. The commands whose
 * work is done in a few tenths of a second have readers made here: zod alone takes forty milliseconds
 * to load.
 */
export interface OptionReader<Options> {
  safeParse(given: Readonly<Record<string, unknown>>): Read<Options>;
}

type Read<Options> =
  | { readonly success: true; readonly data: Options }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };

/** What is wrong with the option that `path` begins with. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Reads one option's value, which is undefined where it is not given; a string says what it needs. */
export type ReadValue<Value> = (given: unknown) => { readonly value: Value } | string;

export function optionReader<Options extends object>(
  fields: { readonly [Name in keyof Options]-?: ReadValue<Options[Name]> },
): OptionReader<Options> {
  return {
    safeParse: (given) => {
      const data: Partial<Options> = {};
      for (const name of Object.keys(fields) as (keyof Options & string)[]) {
        const read = fields[name](given[name]);
        if (typeof read === 'string')
          return { success: false, error: { issues: [{ path: [name], message: read }] } };
        data[name] = read.value;
      }
      return { success: true, data: data as Options };
    },
  };
}

/** A switch, which is off where it is not given. */
export const flag: ReadValue<boolean> = (given) => ({ value: given === true });

/** A text that may be missing. */
export const optionalText: ReadValue<string | undefined> = (given) =>
  given === undefined || typeof given === 'string' ? { value: given } : 'needs a text';

/** A text, and what stands where none is given. */
export function text(standard: string): ReadValue<string> {
  return (given) => ({ value: typeof given === 'string' ? given : standard });
}

export function oneOf<Name extends string>(names: readonly Name[]): ReadValue<Name | undefined> {
  return (given) => {
    const value = names.find((name) => name === given);
    return given === undefined || value !== undefined ? { value } : `needs one of ${names.join(', ')}`;
  };
}

export function integer(least: number, most: number): ReadValue<number> {
  return (given) => {
    const value = typeof given === 'string' && /^-?\d+$/.test(given.trim()) ? Number(given) : Number.NaN;
    return value >= least && value <= most ? { value } : `needs a whole number from ${least} to ${most}`;
  };
}
