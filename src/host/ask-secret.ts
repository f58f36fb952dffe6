/** Asks the person at the terminal for a secret, which is not shown; undefined where nobody is there. */
import { atTerminal } from './prompt.ts';

const longest = 1024;

export async function askSecret(question: string): Promise<string | undefined> {
  if (!atTerminal()) return undefined;
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  try {
    return await new Promise((resolve) => {
      let typed = '';
      const hear = (chunk: Buffer): void => {
        for (const letter of chunk.toString('utf8')) {
          // Enter; Ctrl-C and Ctrl-D end it without an answer; backspace takes one letter back.
          if (letter === '\r' || letter === '\n') done(typed);
          else if (letter === '\u0003' || letter === '\u0004') done(undefined);
          else if (letter === '\u007f' || letter === '\b') typed = Array.from(typed).slice(0, -1).join('');
          else if (typed.length < longest) typed += letter;
        }
      };
      const done = (answer: string | undefined): void => {
        stdin.off('data', hear);
        resolve(answer);
      };
      stdin.on('data', hear);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}
