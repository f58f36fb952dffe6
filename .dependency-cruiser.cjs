// The arrows of tools/arrows.ts as dependency-cruiser's rules. Its parser has to be swc: TypeScript 7
// has no compiler API, and without a parser dependency-cruiser reads nothing and calls it clean.

const { arrows, typeArrows, machineDoors } = require('./tools/arrows.ts');

const known = Object.keys(arrows).join('|');

const arrowRules = Object.entries(arrows).map(([folder, allowed]) => ({
  name: `arrows-of-${folder}`,
  comment: `src/${folder} may import ${allowed.join(', ') || 'nothing of the others'} (tools/arrows.ts)`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [`^src/(${[folder, ...allowed].join('|')})/`, ...[typeArrows[folder] ?? []].flat()],
  },
}));

const typeRules = Object.entries(typeArrows).map(([folder, target]) => ({
  name: `types-alone-for-${folder}`,
  comment: `src/${folder} may import types alone from ${target}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: target, dependencyTypesNot: ['type-only'] },
}));

module.exports = {
  forbidden: [
    ...arrowRules,
    ...typeRules,
    {
      name: 'known-folders',
      comment: 'each folder of src has a row in tools/arrows.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/(${known})/`, '^src/[^/]+\\.test\\.ts$'] },
      to: {},
    },
    {
      name: 'stays-in-src',
      comment: 'the program does not need its tools or its tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: ['^(tools|test|bench)/', '\\.test\\.ts$'] },
    },
    {
      name: 'machine-through-host',
      comment: "Node's own modules are for src/host, entry points and tests",
      severity: 'error',
      from: { path: '^src/', pathNot: machineDoors },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolves',
      comment: 'an import that is not found is not checked either',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'runtime-dependency',
      comment: 'the program may not need a package that only developers have',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
