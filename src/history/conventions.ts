/** Names that our commits and git's files agree on. */

/** Last line of the commit that adds owners and modes to one by hand; its name follows. */
export const completes = 'Completes: ';

/** Where the contents of secrets lie, sealed, each named by its fingerprint. */
export const sealedRef = 'refs/portreeve/sealed';

/** Where reasons lie that were told later, as git notes. */
export const notesRef = 'refs/notes/reasons';
