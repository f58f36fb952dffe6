/**
 * A probe that the administrator has written: what the live mail server must go on doing, one a line of
 * /etc/portreeve/probes.
 *
 *     accepts postmaster@example.org
 *     refuses somebody@example.com from me@example.net on 25
 *     starttls on 587
 */
import { fail, ok, type Result } from '../base/result.ts';

export interface Probe {
  readonly what: 'accepts' | 'refuses' | 'starttls' | 'listens';
  /** The recipient, for the first two. */
  readonly recipient: string;
  /** Empty: the null sender of a bounce. */
  readonly sender: string;
  readonly port: number;
}

/** Plain addresses alone: a line end or a bracket would be a command of its own. */
const address = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.:[\]-]{1,255}$/;
const shape = /^(?:(accepts|refuses) (\S+)(?: from (\S+))?|(starttls|listens))(?: on (\d{1,5}))?$/;

export function parseProbe(line: string): Result<Probe> {
  const [, asks, recipient = '', sender = '<>', plain, digits = '25'] =
    shape.exec(line.trim().replace(/\s+/g, ' ')) ?? [];
  const what = (asks ?? plain) as Probe['what'] | undefined;
  if (what === undefined) return refused(line, 'it must be accepts, refuses, starttls or listens');
  const port = Number(digits);
  if (port < 1 || port > 65_535) return refused(line, 'its port must be 1 to 65535');
  if (asks !== undefined && !address.test(recipient)) return refused(line, 'it must name an address');
  if (sender !== '<>' && !address.test(sender)) return refused(line, 'its sender must be an address or <>');
  return ok({ what, recipient, sender: sender === '<>' ? '' : sender, port });
}

export function formatProbe({ what, recipient, sender, port }: Probe): string {
  const asked = recipient === '' ? what : `${what} ${recipient}${sender === '' ? '' : ` from ${sender}`}`;
  return port === 25 ? asked : `${asked} on ${port}`;
}

function refused(line: string, requirement: string): Result<never> {
  return fail('configuration', `cannot read the probe: ${requirement}: ${line.trim().slice(0, 200)}`, {
    hint: 'for example: accepts postmaster@example.org; refuses x@example.com from y@example.net on 587',
  });
}
