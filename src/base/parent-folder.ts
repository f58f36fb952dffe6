/** The folder of an absolute path. */
export function parentFolder(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}
