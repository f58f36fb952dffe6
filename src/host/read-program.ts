/** Reads a WebAssembly module that belongs to the program itself: it is there, or the program is broken. */
import { readFileSync } from 'node:fs';

export function readProgram(place: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(place));
}
