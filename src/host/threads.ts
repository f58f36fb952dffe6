/**
 * Work shared out to threads. The calling thread does its part as well; the others are started first,
 * so that all of them load what they need at the same time.
 *
 * A job is cut into numbered pieces; whoever is free takes the next. A module that does such work
 * exports `work(job, take)`; it is loaded by each thread for itself, so only plain data and compiled
 * programs pass between.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ownModule } from './own-module.ts';

/** The number of the next piece that nobody has taken; a number beyond the last ends the work. */
export type Take = () => number;

export type Work<Job, Part> = (job: Job, take: Take) => Part;

/** No more threads than this, however many cores: each costs twenty megabytes. */
const mostThreads = 4;

export interface Shared<Part> {
  /** The file of the module that exports `work`. */
  readonly module: string;
  readonly pieces: number;
  /** Is told how many pieces all of them have taken, whenever this thread takes one. */
  readonly taken?: ((pieces: number) => void) | undefined;
  /** Loads the same module on this thread. */
  readonly load: () => Promise<{ readonly work: Part }>;
}

/** Returns what each thread made. */
export async function shareOut<Job, Part>(
  job: Job,
  { module, load, pieces, taken }: Shared<Work<Job, Part>>,
): Promise<Part[]> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const threads = Math.min(availableParallelism(), mostThreads, pieces);
  const others = Array.from({ length: Math.max(0, threads - 1) }, () =>
    startThread<Part>({ module, job, counter }),
  );
  const { work } = await load();
  const own = work(job, () => {
    const piece = Atomics.add(counter, 0, 1);
    taken?.(piece);
    return piece;
  });
  return [own, ...(await Promise.all(others))];
}

async function startThread<Part>(workerData: unknown): Promise<Part> {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(ownModule('host/thread'), {
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
