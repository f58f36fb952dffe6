/** The terminal as a screen with keys: raw input, an alternate screen that is left as it was found, however we end. */
import { fail, ok, type Result } from '../base/result.ts';

export interface Terminal {
  readonly rows: number;
  readonly columns: number;
  /** Shows these lines from the top; they hold nothing but printable text and our own colours. */
  show(lines: readonly string[]): void;
  close(): void;
}

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';

export function openTerminal(heard: (key: string) => void, resized: () => void): Result<Terminal> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY)
    return fail('usage', 'cannot show the live view: it needs a terminal: there is none', {
      hint: 'portreeve status --json is for programs',
    });
  stdin.setRawMode(true);
  stdin.resume();
  stdout.write(enter);
  const hear = (chunk: Buffer): void => {
    heard(chunk.toString('utf8'));
  };
  stdin.on('data', hear);
  stdout.on('resize', resized);
  const restore = (): void => {
    stdout.write(leave);
  };
  process.once('exit', restore);
  return ok({
    get rows() {
      return stdout.rows;
    },
    get columns() {
      return stdout.columns;
    },
    show: (lines) => {
      stdout.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
    },
    close: () => {
      stdin.off('data', hear);
      stdout.off('resize', resized);
      process.off('exit', restore);
      restore();
      stdin.setRawMode(false);
      stdin.pause();
    },
  });
}
