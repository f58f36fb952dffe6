// Who may import whom: the one table that .dependency-cruiser.cjs and src/architecture.test.ts share.
//
//   base ← host ← exim ← {tls, guard, fail2ban, history} ← change ← notice ← {server, keeper, lab} ← agent, cli
//
// A folder may import what its row names, and itself. A folder without a row may not exist.

const facts = ['base', 'host', 'exim'] as const;
const pillars = ['tls', 'guard', 'fail2ban', 'history'] as const;
const program = [...facts, ...pillars, 'change', 'store'] as const;

export const arrows: Readonly<Record<string, readonly string[]>> = {
  base: [],
  host: ['base'],
  exim: ['base', 'host'],
  store: ['base', 'host'],
  // The pillars do not know one another: what joins them is change.
  tls: facts,
  guard: facts,
  fail2ban: facts,
  history: facts,
  change: [...facts, ...pillars],
  notice: program,
  server: [...program, 'notice'],
  keeper: program,
  lab: program,
  agent: [...program, 'notice', 'server'],
  cli: [...program, 'notice', 'server', 'keeper', 'lab', 'agent'],
  // In the browser there is no machine: base alone is pure enough.
  web: ['base'],
};

/** Arrows that carry types alone (`import type`), to the files that a pattern names. */
export const typeArrows: Readonly<Record<string, string>> = {
  web: '^src/server/api(/|\\.ts$)',
};

/** The files that may import Node's own modules: the door to the machine, entry points, tests. */
export const machineDoors: readonly string[] = [
  '^src/host/',
  '^src/cli/main\\.ts$',
  '^src/lab/bin/[^/]+\\.ts$',
  '\\.test\\.ts$',
];
