/**
 * Messages received, delivered, delayed and given up, with their volumes. A delivery line does not say
 * its size, so arrivals are remembered until their message is completed; where a log is shared out,
 * arrival and delivery may be seen by different threads, and `merge` brings them together.
 */
export interface Message {
  /** Undefined until the arrival has been seen. */
  size?: number;
  /** Deliveries before that. */
  deliveries: number;
  delayed: boolean;
  failed: boolean;
  /** The piece of the log that the arrival stood in. */
  piece: number;
}

export interface MailTotals {
  readonly received: { readonly messages: number; readonly bytes: number };
  /** `messages` counts `=>`, `addresses` also `->`: further recipients of the same delivery. */
  readonly delivered: { readonly messages: number; readonly addresses: number; readonly bytes: number };
  readonly delayed: number;
  readonly failed: number;
  readonly rejects: number;
  readonly temporaryRejects: number;
}

export class MailCounts {
  messages = 0;
  bytes = 0;
  deliveries = 0;
  addresses = 0;
  deliveredBytes = 0;
  delayed = 0;
  failed = 0;
  rejects = 0;
  temporaryRejects = 0;
  readonly open: Map<string, Message> = new Map<string, Message>();

  arrived(id: string, size: number, piece: number): void {
    this.messages += 1;
    this.bytes += size;
    const known = this.open.get(id);
    if (known?.size === undefined) {
      // What a thread has seen of a message before its arrival stood before it in the log: another message's.
      this.open.set(id, { size, deliveries: 0, delayed: false, failed: false, piece });
    } else known.size = size;
  }

  delivered(id: string, first: boolean): void {
    this.addresses += 1;
    if (!first) return;
    this.deliveries += 1;
    const known = this.open.get(id);
    if (known?.size === undefined) this.#unknown(id, known).deliveries += 1;
    else this.deliveredBytes += known.size;
  }

  troubled(id: string, how: 'delayed' | 'failed'): void {
    const known = this.open.get(id) ?? this.#unknown(id, undefined);
    known[how] = true;
  }

  /** Forgets the message, unless parts of its story may be with another thread. */
  completed(id: string, piece: number): void {
    const known = this.open.get(id);
    if (known?.size === undefined || known.piece !== piece) return;
    this.#settle(known);
    this.open.delete(id);
  }

  rejected(temporary: boolean): void {
    if (temporary) this.temporaryRejects += 1;
    else this.rejects += 1;
  }

  totals(): MailTotals {
    for (const message of this.open.values()) this.#settle(message);
    this.open.clear();
    return {
      received: { messages: this.messages, bytes: this.bytes },
      delivered: { messages: this.deliveries, addresses: this.addresses, bytes: this.deliveredBytes },
      delayed: this.delayed,
      failed: this.failed,
      rejects: this.rejects,
      temporaryRejects: this.temporaryRejects,
    };
  }

  /** Adds what another thread has counted; `other` may be plain data. */
  merge(other: Omit<MailCounts, 'merge'>): void {
    this.messages += other.messages;
    this.bytes += other.bytes;
    this.deliveries += other.deliveries;
    this.addresses += other.addresses;
    this.deliveredBytes += other.deliveredBytes;
    this.delayed += other.delayed;
    this.failed += other.failed;
    this.rejects += other.rejects;
    this.temporaryRejects += other.temporaryRejects;
    for (const [id, message] of other.open) {
      const known = this.open.get(id);
      if (known === undefined) this.open.set(id, message);
      else this.open.set(id, joined(known, message));
    }
  }

  #unknown(id: string, known: Message | undefined): Message {
    const made = known ?? { deliveries: 0, delayed: false, failed: false, piece: -1 };
    if (known === undefined) this.open.set(id, made);
    return made;
  }

  /** Like eximstats: what happened to a message counts only if its arrival was seen. */
  #settle({ size, deliveries, delayed, failed }: Message): void {
    if (size === undefined) return;
    this.deliveredBytes += size * deliveries;
    if (delayed) this.delayed += 1;
    if (failed) this.failed += 1;
  }
}

function joined(one: Message, other: Message): Message {
  const size = one.size ?? other.size;
  return {
    ...(size === undefined ? {} : { size }),
    deliveries: one.deliveries + other.deliveries,
    delayed: one.delayed || other.delayed,
    failed: one.failed || other.failed,
    piece: Math.max(one.piece, other.piece),
  };
}
