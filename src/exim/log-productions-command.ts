/** Clients that break the protocol. Source: smtp_in.c of Exim. */
import {
  bareHost,
  count,
  flaggedHost,
  maybe,
  oneOf,
  type Production,
  production,
  quoted,
  rest,
  text,
  wording,
  word,
} from './log-grammar.ts';

const bytes = maybe(' (', count('bytes'), ' bytes)');

export const commandProductions: readonly Production[] = [
  production('sync-error', 'sync-next', [
    'SMTP protocol synchronization error (next input sent too soon: pipelining was',
    maybe(wording(' not', { unadvertised: true })),
    ' advertised): rejected ',
    quoted('command'),
    ' ',
    flaggedHost,
    ' next input=',
    quoted('input'),
    maybe(oneOf('more', '...')),
    bytes,
  ]),
  production('sync-error', 'sync-greeting', [
    'SMTP protocol synchronization error (input sent without waiting for greeting): rejected connection from ',
    flaggedHost,
    ' input=',
    quoted('input'),
    bytes,
  ]),
  production(
    'dropped',
    'dropped-errors',
    [
      'SMTP call from ',
      bareHost,
      ' dropped: too many syntax or protocol errors (last command was ',
      quoted('command'),
      maybe(', ', text('commands')),
      ')',
    ],
    { reason: 'errors' },
  ),
  production(
    'dropped',
    'dropped-nonmail',
    ['SMTP call from ', bareHost, ' dropped: too many nonmail commands (last was ', quoted('command'), ')'],
    { reason: 'nonmail' },
  ),
  production(
    'dropped',
    'dropped-unrecognized',
    [
      'SMTP call from ',
      bareHost,
      ' dropped: too many unrecognized commands (last was ',
      quoted('command'),
      ')',
    ],
    { reason: 'unrecognized' },
  ),
  production('syntax-error', 'syntax-error', [
    'SMTP syntax error in ',
    quoted('command'),
    ' ',
    flaggedHost,
    ' ',
    rest('text'),
  ]),
  production('protocol-error', 'protocol-error', [
    'SMTP protocol error in ',
    quoted('command'),
    ' ',
    flaggedHost,
    ' ',
    rest('text'),
  ]),
  production('command', 'etrn', ['ETRN ', text('argument'), ' received from ', bareHost], {
    command: 'ETRN',
  }),
  production('command', 'atrn', ["ATRN '", text('argument'), "' received from ", bareHost], {
    command: 'ATRN',
  }),
  production(
    'command',
    'banner',
    ['Ci=', word('connection'), ' SMTP peer appears to have ', rest('argument')],
    {
      command: 'banner',
    },
  ),
];
