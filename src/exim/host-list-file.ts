/**
 * A file of addresses and networks in which Exim looks hosts up: `net-iplsearch;FILE` in a host list,
 * `lookup{…}iplsearch{FILE}` in an expansion (Exim's specification, chapters 9 and 10). Exim opens it anew for
 * each connection, so what is written holds from the next one on, without a reload.
 *
 * Exim sees the old file or the new one, never half of one. Its folder must be one that Exim's user may pass.
 */
import { parentFolder } from '../base/parent-folder.ts';
import { ok, type Result } from '../base/result.ts';
import { moveFile, removeAll, writeText } from '../host/files.ts';
import { temporaryName } from '../host/temporary-name.ts';

export interface HostListLine {
  /** An address or a network. */
  readonly host: string;
  /** What a lookup gives; no line break in it. */
  readonly data?: string;
}

const readable = 0o644;

export class HostListFile {
  readonly path: string;
  #text: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** All of them, in the place of those before. Nothing is written where nothing has changed. */
  async write(lines: readonly HostListLine[]): Promise<Result<void>> {
    const text = hostListText(lines);
    if (text === this.#text) return ok();
    const temporary = `${parentFolder(this.path)}/${temporaryName()}`;
    const written = await writeText(temporary, text, readable);
    const moved = written.ok ? await moveFile(temporary, this.path) : written;
    if (moved.ok) this.#text = text;
    else await removeAll(temporary);
    return moved;
  }
}

/** A key ends at a colon or a space, unless it is quoted. */
export function hostListText(lines: readonly HostListLine[]): string {
  return lines
    .map(({ host, data }) => {
      const key = host.includes(':') ? `"${host}"` : host;
      return data === undefined ? `${key}\n` : `${key}: ${data}\n`;
    })
    .join('');
}
