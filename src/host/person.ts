/**
 * The person at work: who is behind sudo or doas; else who logged in (the kernel's audit login id
 * survives su); else the user we run as.
 */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readAccounts } from './accounts.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

export async function currentPerson(): Promise<Person> {
  const behind = process.env['SUDO_USER'] ?? process.env['DOAS_USER'] ?? (await loginName());
  const name = behind === undefined ? '' : fit(behind);
  return personNamed(name === '' ? 'root' : name);
}

export function personNamed(name: string): Person {
  return { name, email: `${name}@${fit(hostname()) || 'localhost'}` };
}

async function loginName(): Promise<string | undefined> {
  const text = (await readFile('/proc/self/loginuid', 'utf8').catch(() => '')).trim();
  const unset = '4294967295';
  const id = text === '' || text === unset ? process.geteuid?.() : Number(text);
  return id === undefined ? undefined : (await readAccounts()).userName(id);
}

/** What git's identity lines can hold. */
function fit(text: string): string {
  return text.replace(/[^\p{L}\p{N}._ +-]/gu, '').slice(0, 100);
}

/** Somebody who is known only by what a client of the keeper says, and is called so. */
export function claimedPerson(name: string): Person {
  return personNamed(`${fit(name) || 'somebody'} via keeper`);
}
