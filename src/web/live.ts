/** The live view: the newest notices as they come, and whether the line to the agent holds. */
import { type Signal, signal } from '@preact/signals';
import type { ApiNotice } from '../server/api/notice.ts';

const mostKept = 200;

export const notices: Signal<readonly ApiNotice[]> = signal([]);
export const isLive: Signal<boolean> = signal(false);

interface StreamMessage {
  readonly notices: readonly ApiNotice[];
  readonly more: number;
}

/** Returns what ends it. */
export function listen(): () => void {
  const source = new EventSource('/api/stream');
  source.addEventListener('open', () => {
    isLive.value = true;
  });
  source.addEventListener('error', () => {
    isLive.value = false;
  });
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const { notices: fresh } = JSON.parse(data) as StreamMessage;
    notices.value = [...fresh.toReversed(), ...notices.value].slice(0, mostKept);
  });
  return () => {
    source.close();
    isLive.value = false;
  };
}
