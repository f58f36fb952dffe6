/** The agent's own folder: the state folder is root's, and root trusts what lies in it. */
import { stateFolder } from '../host/state-folder.ts';

export function agentFolder(): string {
  return `${stateFolder()}/agent`;
}
