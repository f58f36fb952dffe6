/** Whether there is a file of that name, and no folder. */
import { stat } from 'node:fs/promises';

export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
