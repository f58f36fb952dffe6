/** Which service reads a folder. */
import { ok } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import { debianPlaces } from '../exim/debian-places.ts';
import { daemonService } from './daemon-service.ts';
import { eximService } from './exim-service.ts';
import { knownDaemons } from './known-daemons.ts';
import type { Service } from './service.ts';

export function serviceOf(folder: string, clock: Clock): Service {
  if (folder === debianPlaces.folder) return eximService(clock);
  const known = knownDaemons.find((daemon) => daemon.folder === folder);
  return known === undefined ? unknownService : daemonService(known, clock);
}

const nothing = { proofs: [], memo: null };

const unknownService: Service = {
  name: 'no known service',
  attach: async () => await Promise.resolve(ok(nothing)),
  reattach: () => nothing,
  beforeStart: async () => await Promise.resolve(nothing),
};
