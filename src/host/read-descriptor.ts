/** Reads what another program passes through an open file descriptor, to its end. */
import { readFileSync } from 'node:fs';
import { fail, ok, type Result } from '../base/result.ts';

export function readDescriptor(descriptor: number): Result<string> {
  try {
    return ok(readFileSync(descriptor, 'utf8'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return fail('usage', `cannot read file descriptor ${descriptor}: it must be open for reading: ${code}`, {
      hint: `for example: portreeve … --passphrase-fd ${descriptor} ${descriptor}< FILE`,
    });
  }
}
