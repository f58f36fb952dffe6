/** The Node that runs us: children of ours run on the same one. */
export const nodePath: string = process.execPath;
