/**
 * The grammar of Exim's log: every wording, as a table. The order matters only where a line fits
 * several rows: the more exact one stands first.
 */
import type { Production } from './log-grammar.ts';
import { commandProductions } from './log-productions-command.ts';
import { connectionProductions } from './log-productions-connection.ts';
import { messageProductions } from './log-productions-message.ts';
import { rejectProductions } from './log-productions-reject.ts';
import { serverProductions } from './log-productions-server.ts';
import { tlsProductions } from './log-productions-tls.ts';

export const productions: readonly Production[] = [
  ...connectionProductions,
  ...rejectProductions,
  ...commandProductions,
  ...tlsProductions,
  ...messageProductions,
  ...serverProductions,
];
