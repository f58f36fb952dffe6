// The scanner of Exim's log, as one WebAssembly module: docs/decisions/0022-scanner-in-webassembly.md.
// AssemblyScript, compiled by tools/assembly.ts into src/exim/line-scanner.wasm.
export { index } from './line-index';
export { scan, takeCopies, takeFresh } from './judge';
export { shape } from './shape';
export { next } from './cursor';
