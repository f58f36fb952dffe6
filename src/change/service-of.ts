/** Which service reads a folder. Apache, nginx, Postfix and Dovecot will be further lines here. */
import { ok } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import { debianPlaces } from '../exim/debian-places.ts';
import { eximService } from './exim-service.ts';
import type { Service } from './service.ts';

export function serviceOf(folder: string, clock: Clock): Service {
  return folder === debianPlaces.folder ? eximService(clock) : unknownService;
}

const nothing = { proofs: [], memo: null };

const unknownService: Service = {
  name: 'no known service',
  attach: async () => await Promise.resolve(ok(nothing)),
  reattach: () => nothing,
  beforeStart: async () => await Promise.resolve(nothing),
};
