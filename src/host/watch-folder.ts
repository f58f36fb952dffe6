/**
 * Tells whenever something in a folder, or below it, may have changed: the kernel's notices (inotify), one
 * watch a folder, so that a change of mode alone is noticed too. Notices may be lost (a full queue, too many
 * watches, a network file system); whoever must not miss anything looks now and then without one.
 */
import { type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs';

export interface FolderWatch {
  readonly close: () => void;
}

export function watchFolder(folder: string, changed: () => void): FolderWatch {
  const watches = new Map<string, FSWatcher>();
  const leave = (path: string): void => {
    watches.get(path)?.close();
    watches.delete(path);
  };
  const visit = (path: string): void => {
    try {
      if (!lstatSync(path).isDirectory()) return;
      if (!watches.has(path)) {
        const made = watch(path, (event, name) => {
          // A history of ours lies elsewhere; its `.git` here is a file that git itself never touches.
          if (name === '.git') return;
          if (event === 'rename') look();
          changed();
        });
        made.on('error', () => {
          leave(path);
        });
        watches.set(path, made);
      }
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (entry.isDirectory() && entry.name !== '.git') visit(`${path}/${entry.name}`);
      }
    } catch {
      // It went away meanwhile, or there are no watches left: the looks without a notice remain.
      leave(path);
    }
  };
  const look = (): void => {
    for (const path of watches.keys()) {
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) leave(path);
    }
    visit(folder);
  };
  look();
  return {
    close: () => {
      for (const path of watches.keys().toArray()) leave(path);
    },
  };
}
