/** A unified diff as a table; a click at a line's number tells the reasons behind it. */
import { parsePatch } from 'diff';
import type { JSX } from 'preact';
import { Text } from './text.tsx';

export interface PatchProps {
  readonly text: string;
  readonly why: (path: string, line: number) => void;
}

export function Patch({ text, why }: PatchProps): JSX.Element {
  const files = parse(text);
  if (files.length === 0)
    return (
      <p class="quiet">No text to show: what changed is owner, mode, a secret, or readable by root alone.</p>
    );
  return (
    <>
      {files.map(({ path, rows }) => (
        <figure key={path} class="patch">
          <figcaption>
            <Text of={path} />
          </figcaption>
          <table>
            <caption class="out-of-sight">Changes of {path}</caption>
            <tbody>
              {rows.map(({ sign, line, content }, place) => (
                <tr key={place} class={sign === '+' ? 'added' : sign === '-' ? 'removed' : ''}>
                  <td class="number">
                    {line === undefined ? null : (
                      <button
                        type="button"
                        class="plain"
                        aria-label={`why line ${line} of ${path}`}
                        onClick={() => {
                          why(path, line);
                        }}
                      >
                        {line}
                      </button>
                    )}
                  </td>
                  <td class="sign">{sign}</td>
                  <td>
                    <code>
                      <Text of={content} />
                    </code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </figure>
      ))}
    </>
  );
}

interface Row {
  readonly sign: string;
  /** In the new state; what was removed has none. */
  readonly line: number | undefined;
  readonly content: string;
}

function parse(text: string): { readonly path: string; readonly rows: readonly Row[] }[] {
  let patches;
  try {
    patches = parsePatch(text);
  } catch {
    // Not a diff after all: shown as it is.
    return [
      { path: 'changes', rows: text.split('\n').map((content) => ({ sign: '', line: undefined, content })) },
    ];
  }
  return patches.flatMap(({ newFileName, oldFileName, hunks }) => {
    const named =
      newFileName === undefined || newFileName === '/dev/null' ? (oldFileName ?? '') : newFileName;
    const rows = hunks.flatMap(({ lines, newStart }) => {
      let line = newStart;
      return lines.map((each) => {
        const sign = each.slice(0, 1);
        const isThere = sign !== '-' && sign !== '\\';
        const row = { sign: sign.trim(), line: isThere ? line : undefined, content: each.slice(1) };
        if (isThere) line += 1;
        return row;
      });
    });
    return rows.length === 0 ? [] : [{ path: named.replace(/^[ab]\//, ''), rows }];
  });
}
