/** How long the agent's store remembers, and how much. */
import type { Retention } from '../store/store.ts';

const dayMs = 86_400_000;

/** No rule looks back longer than a day. */
export const retention: Retention = { days: 90, bytes: 256 * 1024 * 1024, memory: dayMs };
