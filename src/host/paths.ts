/** Names of files, taken apart and put together; nothing is looked up. */
export { basename, dirname, extname, isAbsolute, join } from 'node:path';
