/** Names that our commits and git's files agree on. */

/** Last line of the commit that adds owners and modes to one by hand; its name follows. */
export const completes = 'Completes: ';

/** Where reasons lie that were told later, as git notes. */
export const notesRef = 'refs/notes/reasons';
