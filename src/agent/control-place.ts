/** Where the agent is asked: in its own part of the state folder. */
import { stateFolder } from '../host/state-folder.ts';

export function agentFolder(): string {
  return `${stateFolder()}/agent`;
}

export function controlPlace(): string {
  return `${agentFolder()}/control.sock`;
}
