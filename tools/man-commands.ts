// The commands that the manual shows against those that the program has.
//
// In the manual's COMMANDS section each command has a heading of its own, its words first and its
// arguments after them, in capitals or brackets:
//
//     ## COMMANDS
//     ### `tls test HOST[:PORT]`

/** What is needed of commander's Command. */
type Command = {
  name(): string;
  readonly commands: readonly Command[];
  /** Private to commander; true words for a group that also does something by itself (`lab`). */
  readonly _actionHandler?: unknown;
  readonly _hidden?: boolean;
};

export function commandDifferences(program: unknown, manual: string): string[] {
  if (!isCommand(program)) return ['program() of src/cli/program.ts does not return a Command'];
  const real = commandsOf(program, []);
  const shown = shownIn(manual);
  if (shown.length === 0)
    return ['docs/man/portreeve.1.md has no commands: "## COMMANDS", then "### `words ARGUMENTS`" each'];
  return [
    ...(real.length === 0 ? ['the program has no command'] : []),
    ...real
      .filter((name) => !shown.includes(name))
      .map((name) => `docs/man/portreeve.1.md does not show "${name}"`),
    ...shown
      .filter((name) => !real.includes(name))
      .map((name) => `docs/man/portreeve.1.md shows "${name}": there is no such command`),
  ];
}

function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && 'commands' in value && Array.isArray(value.commands);
}

/** Commands that do something: a group alone (`tls`) is none. */
function commandsOf(command: Command, path: readonly string[]): string[] {
  return command.commands
    .filter((child) => child._hidden !== true)
    .flatMap((child) => {
      const words = [...path, child.name()];
      const acts = child.commands.length === 0 || typeof child._actionHandler === 'function';
      return [...(acts ? [words.join(' ')] : []), ...commandsOf(child, words)];
    });
}

function shownIn(manual: string): string[] {
  const section = /^## COMMANDS\s*$([\s\S]*?)(?=^## |(?![\s\S]))/im.exec(manual)?.[1] ?? '';
  return [...section.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => {
    const words = heading
      .replace(/[`*\\]/g, '')
      .trim()
      .replace(/^portreeve /, '')
      .split(/\s+/);
    const end = words.findIndex((word) => !/^[a-z][a-z0-9-]*$/.test(word));
    return (end === -1 ? words : words.slice(0, end)).join(' ');
  });
}
