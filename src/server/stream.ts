/**
 * The live view: server-sent events (WHATWG HTML, section 9.2). What is new is gathered for a quarter of a
 * second and written to every client as one and the same text, so a flood costs a few writes a second. A
 * client that does not read is let go when its queue is full; nothing waits for it.
 */
import type { Notice } from '../notice/notice.ts';
import type { LiveFeed } from './live-feed.ts';

const gatherMs = 250;
const heartbeatMs = 15_000;
const mostClients = 100;
const mostQueued = 256 * 1024;
/** Of one message; further ones are counted. */
const mostNotices = 50;

/** What the stream needs of a response. */
export interface StreamClient {
  readonly writableLength: number;
  write(content: string | Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close' | 'error', listener: () => void): unknown;
}

export class Stream {
  readonly #clients = new Map<StreamClient, () => boolean>();
  #waiting: Notice[] = [];
  #left = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #stop: () => void;

  constructor(feed: LiveFeed) {
    this.#stop = feed.listen((notice) => {
      this.#gather(notice);
    });
    this.#heartbeat = setInterval(() => {
      for (const [client, mayStay] of this.#clients) if (!mayStay()) this.#drop(client);
      this.#write(': still here\n\n');
    }, heartbeatMs);
    this.#heartbeat.unref();
  }

  get clients(): number {
    return this.#clients.size;
  }

  get isFull(): boolean {
    return this.#clients.size >= mostClients;
  }

  /** The response is the stream's from then on; it ends when the client goes, or may not stay. */
  add(response: StreamClient, mayStay: () => boolean): void {
    this.#clients.set(response, mayStay);
    response.on('close', () => this.#clients.delete(response));
    response.on('error', () => {
      this.#drop(response);
    });
    response.write('retry: 2000\n\n');
  }

  close(): void {
    this.#stop();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#timer);
    for (const client of this.#clients.keys()) client.end();
  }

  #gather(notice: Notice): void {
    if (this.#clients.size === 0) return;
    if (this.#waiting.length < mostNotices) this.#waiting.push(notice);
    else this.#left += 1;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const message = { notices: this.#waiting, more: this.#left };
      this.#waiting = [];
      this.#left = 0;
      this.#write(`data: ${JSON.stringify(message)}\n\n`);
    }, gatherMs);
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    for (const client of this.#clients.keys()) {
      if (client.writableLength + bytes.length > mostQueued) this.#drop(client);
      else client.write(bytes);
    }
  }

  #drop(client: StreamClient): void {
    this.#clients.delete(client);
    client.destroy();
  }
}
