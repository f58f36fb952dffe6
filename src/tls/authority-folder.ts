/** Where this host's own authority lies unless it is said otherwise. */
import { stateFolder } from '../host/state-folder.ts';

export function authorityFolder(): string {
  return `${stateFolder()}/ca`;
}
