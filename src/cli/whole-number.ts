/** An option that is a whole number between two bounds, with words that say so. */
import { z } from 'zod';

export function wholeNumber(least: number, most: number): z.ZodType<number> {
  const needs = `needs a whole number from ${least} to ${most}`;
  return z.coerce.number(needs).int(needs).min(least, needs).max(most, needs);
}
