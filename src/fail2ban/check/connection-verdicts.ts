/**
 * What becomes of the failures of a connection (`<F-MLFID>`), where nobody asks for more than whether each
 * counts: filter/merge-failure.ts without the groups and lines. check-log.test.ts holds one against the other.
 */
import { ConnectionMemory } from '../filter/connection-memory.ts';

export interface SeenFailure {
  readonly user: string | undefined;
  /** `<F-NOFAIL>`: no failure by itself. */
  readonly nofail: boolean;
  /** `<F-MLFGAINED>`: the login succeeded. */
  readonly gained: boolean;
  /** `<F-MLFFORGET>`: the connection ends. */
  readonly forgets: boolean;
  /** Whether it says who it was. */
  readonly hasIdentity: boolean;
}

interface Connection {
  users: string | Set<string> | undefined;
  pending: boolean;
  hasIdentity: boolean;
}

export class ConnectionVerdicts {
  readonly #memory = new ConnectionMemory<Connection>();

  /** Whether the failure is no failure yet. `now` in seconds. */
  isSpared(connection: string, seen: SeenFailure, now: number): boolean {
    const { user, nofail, gained, forgets, hasIdentity } = seen;
    let known = this.#memory.get(connection, now);
    let manyUsers = false;
    if (known === undefined) {
      known = { users: undefined, pending: false, hasIdentity };
      if (!forgets) {
        known.users = user === '' ? undefined : user;
        this.#memory.set(connection, known, now);
      }
    } else {
      manyUsers = addUser(known, user);
      if (gained) known.pending = false;
      known.hasIdentity ||= hasIdentity;
      if (forgets) this.#memory.forget(connection);
    }
    const counts = known.pending || manyUsers;
    known.pending = !known.hasIdentity;
    return (nofail || gained) && !counts;
  }
}

/** Whether there is more than one then. */
function addUser(known: Connection, user: string | undefined): boolean {
  const { users } = known;
  if (typeof users === 'object') {
    if (user !== undefined && user !== '') users.add(user);
    return true;
  }
  if (user === undefined || user === '' || user === users) return false;
  known.users = users === undefined ? user : new Set([users, user]);
  return users !== undefined;
}
