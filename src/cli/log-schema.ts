/** The options of log-options.ts for the commands that read theirs by zod. */
import { z } from 'zod';
import { isTimeZone } from './log-options.ts';

export const logSchema: z.ZodObject<{
  timeZone: z.ZodOptional<z.ZodString>;
  cleanHelo: z.ZodDefault<z.ZodBoolean>;
}> = z.object({
  timeZone: z.string().refine(isTimeZone, 'needs a name like Europe/Berlin').optional(),
  cleanHelo: z.boolean().default(false),
});
