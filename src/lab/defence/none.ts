import { ok } from '../../base/result.ts';
import type { StartDefence } from './defence.ts';

/** No defence at all: what the attack does by itself. */
export const startNone: StartDefence = async () =>
  await Promise.resolve(
    ok({
      bans: async () => await Promise.resolve(ok([])),
      usage: async () => await Promise.resolve(ok({ cpuSeconds: 0, rssMiB: 0 })),
      stop: async () => {
        await Promise.resolve();
      },
    }),
  );
