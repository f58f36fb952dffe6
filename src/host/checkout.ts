/** Where this copy of Portreeve lies, and the folder below it that may be deleted at any time. */
import { dirname } from 'node:path';

export const checkout: string = dirname(dirname(import.meta.dirname));
export const cacheFolder: string = process.env['PORTREEVE_CACHE'] ?? `${checkout}/.cache`;
