/** What a thread of threads.ts runs: loads the module, does its share, sends it back. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Work } from './threads.ts';

const { module, job, counter } = workerData as { module: string; job: unknown; counter: Int32Array };
const { work } = (await import(module)) as { work: Work<unknown, unknown> };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(work(job, () => Atomics.add(counter, 0, 1)));
