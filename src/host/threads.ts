/**
 * Work shared out to threads. The calling thread does its part as well, and is the first to start: by
 * the time that another has come up, some of the work is done already.
 *
 * A job is cut into numbered pieces; whoever is free takes the next. A module that does such work
 * exports `work(job, take)`; it is loaded by each thread for itself, so only plain data passes between.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** The number of the next piece that nobody has taken; a number beyond the last ends the work. */
export type Take = () => number;

export type Work<Job, Part> = (job: Job, take: Take) => Part;

/** No more threads than this, however many cores: each costs twenty megabytes. */
const mostThreads = 4;

/**
 * `module` is the address of the one that exports `work`; `taken` is told what this thread takes. Returns
 * what each thread made.
 */
export async function shareOut<Job, Part>(
  module: string,
  work: Work<Job, Part>,
  job: Job,
  pieces: number,
  taken?: (piece: number) => void,
): Promise<Part[]> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const threads = Math.min(availableParallelism(), mostThreads, pieces);
  const others = Array.from({ length: Math.max(0, threads - 1) }, () =>
    startThread<Part>({ module, job, counter }),
  );
  const own = work(job, () => {
    const piece = Atomics.add(counter, 0, 1);
    taken?.(piece);
    return piece;
  });
  return [own, ...(await Promise.all(others))];
}

async function startThread<Part>(workerData: unknown): Promise<Part> {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(new URL('thread.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
    });
    worker.once('message', (part: Part) => {
      resolve(part);
    });
    // Only a bug throws in there, and it is one here then.
    worker.once('error', reject);
  });
}
