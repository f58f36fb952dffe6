/** As much of WebAssembly's interface as is used here; TypeScript has it only with the browser's. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  /** Compiled code, which may be handed to other threads. */
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  const Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, (...words: number[]) => void>>);
    readonly exports: Record<string, unknown>;
  }
}
