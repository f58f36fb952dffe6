// Holds SMTP dialogues that are given on standard input as JSON, each from an address of its own; run inside a lab machine. What a server answers is not judged here: its log is.

import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Dialogue {
  /** Our address, in 127.0.0.0/8. */
  readonly from: string;
  readonly port: number;
  /** Sent one at a time, each after the answer to the one before; latin1, `\r\n` is added. */
  readonly lines: readonly string[];
  /** Sent before the greeting. */
  readonly early?: string;
  /** Connections held open beside this one. */
  readonly beside?: number;
  /** Milliseconds of silence at the end. */
  readonly silence?: number;
}

const patience = 400;
/** Dialogues at the same time: `node talk.ts [COUNT]`. */
const together = Number(process.argv[2] ?? 1);

const waiting = JSON.parse(await text(process.stdin)) as Dialogue[];
await Promise.all(
  Array.from({ length: together }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await hold(next);
  }),
);

async function hold({ from, port, lines, early, beside = 0, silence = 0 }: Dialogue): Promise<void> {
  const others = [];
  for (let count = 0; count < beside; count += 1) others.push(await open(from, port));
  for (const other of others) await answer(other);
  const socket = await open(from, port);
  if (early !== undefined) socket.write(early, 'latin1');
  await answer(socket);
  for (const line of lines) {
    if (socket.destroyed) break;
    socket.write(`${line}\r\n`, 'latin1');
    await answer(socket);
  }
  await pause(silence);
  for (const each of [socket, ...others]) each.destroy();
  await pause(30);
}

async function open(from: string, port: number): Promise<Socket> {
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress: from });
    socket.on('error', () => undefined);
    socket.on('connect', () => {
      resolve(socket);
    });
    socket.on('close', () => {
      resolve(socket);
    });
  });
}

/** Ends with a complete answer, the end of the connection, or after a while. */
async function answer(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    let heard = '';
    const done = (): void => {
      clearTimeout(timer);
      socket.removeListener('data', hear);
      socket.removeListener('close', done);
      resolve();
    };
    const hear = (chunk: Buffer): void => {
      heard += chunk.toString('latin1');
      if (/^\d{3}(?: .*)?\r\n$/m.test(heard)) done();
    };
    const timer = setTimeout(done, patience);
    socket.on('data', hear);
    socket.on('close', done);
    if (socket.destroyed) done();
  });
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
