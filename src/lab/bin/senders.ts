/**
 * The world of the lab: one process with all legitimate senders. Reads its orders as one JSON line,
 * reports each event as one; stops at the end of its standard input, or when all have sent what they had.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '../../host/clock.ts';
import { runSender, type SenderOptions } from '../sender.ts';

const stop = new AbortController();
const lines = createInterface({ input: process.stdin });
lines.on('close', () => {
  stop.abort();
});
lines.once('line', (line) => {
  const senders = JSON.parse(line) as SenderOptions[];
  void Promise.all(
    senders.map(async (options, index) => {
      // Spread over one interval, so that they do not all come at once.
      await systemClock.sleep((index * options.intervalMs) / senders.length, stop.signal);
      await runSender(options, systemClock, stop.signal, (event) => {
        process.stdout.write(`${JSON.stringify(event)}\n`);
      });
    }),
  ).then(() => {
    lines.close();
    process.stdin.destroy();
  });
});
