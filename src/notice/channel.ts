/** One way to somebody, as the settings have it; a sentence where they have it wrong. */
import { parseNetwork } from '../base/network.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Settings, TableEntry } from '../base/settings.ts';
import type { Rules } from './gathering.ts';
import { type NoticeKind, noticeKinds } from './notice.ts';

export type Way =
  | {
      readonly by: 'mail';
      readonly to: string;
      readonly from: string;
      readonly host: string;
      readonly port: number;
    }
  | { readonly by: 'webhook'; readonly url: string; readonly secretFile: string }
  | { readonly by: 'command'; readonly argv: readonly string[] };

export interface Channel {
  readonly name: string;
  readonly way: Way;
  readonly rules: Rules;
}

/** `host`: the name of this machine. */
export function readChannels(settings: Settings, host: string): Result<readonly Channel[]> {
  const channels: Channel[] = [];
  for (const entry of settings.tables('notify.channel')) {
    const channel = readChannel(settings, entry, host);
    if (!channel.ok) return channel;
    if (channels.some(({ name }) => name === channel.value.name))
      return wrong(entry, `each channel needs a name of its own: there are two of ${channel.value.name}`);
    channels.push(channel.value);
  }
  return ok(channels);
}

function readChannel(settings: Settings, entry: TableEntry, host: string): Result<Channel> {
  const text = (name: string): string => entry.values.get(name) as string;
  const list = (name: string): readonly string[] => entry.values.get(name) as readonly string[];
  const name = text('name') || text('by');
  const kinds = new Set(list('kinds').flatMap(known));
  const quiet = readQuiet(settings.text('notify.quiet'));
  const rules: Rules = {
    groupMs: settings.duration('notify.group'),
    mostPerHour: settings.number('notify.most'),
    loud: new Set(settings.list('notify.loud').flatMap(known)),
    kinds,
    ...(quiet === undefined ? {} : { quiet }),
  };
  switch (text('by')) {
    case 'mail': {
      if (!text('to').includes('@') || text('to').includes('/'))
        return wrong(entry, `${name} needs a mail address in "to"`);
      const [, server = '', port = ''] = /^(.+):(\d+)$/.exec(text('server')) ?? [];
      const from = text('from') || `portreeve@${parseNetwork(host) === undefined ? host : 'localhost'}`;
      return ok({
        name,
        rules,
        way: { by: 'mail', to: text('to'), from, host: server.replace(/^\[|\]$/g, ''), port: Number(port) },
      });
    }
    case 'webhook':
      return /^https?:/.test(text('to'))
        ? ok({ name, rules, way: { by: 'webhook', url: text('to'), secretFile: text('secret') } })
        : wrong(entry, `${name} needs a URL in "to"`);
    default:
      return list('command').length > 0 && list('command')[0]?.startsWith('/') === true
        ? ok({ name, rules, way: { by: 'command', argv: list('command') } })
        : wrong(entry, `${name} needs a program by its whole path in "command"`);
  }
}

function known(text: string): NoticeKind[] {
  return noticeKinds.filter((kind) => kind === text);
}

/** `22:00-07:00` in minutes of the day. */
function readQuiet(text: string): Rules['quiet'] {
  const [, ...parts] = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text) ?? [];
  const [fromHour, fromMinute, toHour, toMinute] = parts.map(Number);
  if (fromHour === undefined || fromMinute === undefined || toHour === undefined || toMinute === undefined)
    return undefined;
  return { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
}

function wrong({ line }: TableEntry, why: string): Result<never> {
  return fail('configuration', `cannot use [[notify.channel]] in line ${line}: ${why}`, {
    hint: 'portreeve.toml(5) explains the fields; portreeve notify test tries them',
  });
}
