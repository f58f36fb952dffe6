/** `--dns SERVER`: the name server to ask instead of the system's. */
import { z } from 'zod';

export const nameServerOption: z.ZodOptional<z.ZodString> = z
  .string()
  .regex(/^[\da-fA-F.:[\]]+$/, 'needs the address of a name server')
  .optional();
