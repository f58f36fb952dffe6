/** Connections: refused, opened, closed, lost, idle. Source: daemon.c, smtp_in.c, receive.c of Exim. */
import {
  address,
  bareHost,
  count,
  flaggedHost,
  fullHost,
  maybe,
  number,
  oneOf,
  type Part,
  type Production,
  production,
  rest,
  tags,
  text,
  wording,
  word,
} from './log-grammar.ts';

const duration = maybe(' D=', word('duration'));
const fastOpen = maybe(oneOf('fastOpen', 'TFO* ', 'TFO '));
/** `SMTP connection[ Ci=id] from …[ (via inetd)]`: smtp_get_connection_info() */
const connectionFrom: readonly Part[] = [
  'SMTP connection',
  maybe(' Ci=', word('connection')),
  ' from ',
  bareHost,
  maybe(oneOf('via', ' (via inetd)', ' (ODMR customer)')),
];

export const connectionProductions: readonly Production[] = [
  production(
    'refused',
    'refused-from-address',
    ['Connection from ', fullHost, ' refused: too many connections from that IP address'],
    { reason: 'from-address' },
  ),
  production(
    'refused',
    'refused-connections',
    ['Connection from ', fullHost, ' refused: too many connections'],
    {
      reason: 'connections',
    },
  ),
  production(
    'refused',
    'refused-load',
    ['Connection from ', fullHost, ' refused: load average = ', number('load')],
    {
      reason: 'load',
    },
  ),
  production(
    'refused',
    'refused-reserve',
    [
      'temporarily refused connection from ',
      bareHost,
      ': not in reserve list: connected=',
      count('connected'),
      ' max=',
      count('max'),
      ' reserve=',
      count('reserve'),
      maybe(wording(' (lookup deferred)', { deferred: true })),
    ],
    { reason: 'reserve' },
  ),
  production(
    'refused',
    'refused-reserve-load',
    [
      'temporarily refused connection from ',
      bareHost,
      ': not in reserve list and load average = ',
      number('load'),
    ],
    { reason: 'reserve' },
  ),
  production(
    'refused',
    'refused-configured',
    ['refused connection from ', bareHost, ' (host_reject_connection)'],
    { reason: 'configured' },
  ),
  production('refused', 'refused-wrappers', ['refused connection from ', bareHost, ' (tcp wrappers)'], {
    reason: 'configured',
  }),
  production(
    'refused',
    'refused-wrappers-error',
    ['temporarily refused connection from ', bareHost, ' (tcp wrappers errno=', number('errno'), ')'],
    { reason: 'configured' },
  ),
  production('refused', 'refused-ip-options', ['connection from ', bareHost, ' refused (IP options)'], {
    reason: 'ip-options',
  }),
  production(
    'connection',
    'connection-open',
    [
      'SMTP connection from ',
      fullHost,
      maybe(' Ci=', word('connection')),
      ' (TCP/IP connection count = ',
      count('count'),
      ')',
    ],
    { state: 'open' },
  ),
  production('connection', 'connection-closed', [...connectionFrom, duration, ' closed ', rest('text')], {
    state: 'closed',
  }),
  production(
    'connection',
    'connection-lost-data',
    [...connectionFrom, ' lost while reading message data', rest('text')],
    { state: 'lost' },
  ),
  production(
    'connection',
    'connection-lost',
    [
      ...connectionFrom,
      ' ',
      maybe(oneOf('fastOpen', 'TFO ')),
      'lost',
      maybe(' (error: ', text('error'), ')'),
      duration,
    ],
    { state: 'lost' },
  ),
  production(
    'connection',
    'connection-lost-dot',
    ['SMTP connection lost after final dot', maybe(' ', flaggedHost), tags],
    { state: 'lost', text: 'after final dot' },
  ),
  production('connection', 'connection-local', connectionFrom, { state: 'open' }),
  production('disconnected', 'disconnected', [
    'unexpected ',
    oneOf('text', 'disconnection', 'EOF'),
    ' while reading SMTP command from ',
    fastOpen,
    bareHost,
    maybe(' (error: ', text('error'), ')'),
    duration,
  ]),
  production('disconnected', 'input-error', ['Error or EOF on input from ', flaggedHost], { text: 'input' }),
  production('disconnected', 'socket-error', ['getsockopt() failed from ', bareHost, ': ', rest('text')]),
  production('no-mail', 'no-mail', [
    'no MAIL in ',
    fastOpen,
    'SMTP connection from ',
    bareHost,
    duration,
    tags,
  ]),
  production(
    'timeout',
    'timeout-command',
    [
      'SMTP command timeout on',
      maybe(wording(' TLS', { encrypted: true })),
      ' connection from ',
      bareHost,
      duration,
    ],
    { phase: 'command' },
  ),
  production(
    'timeout',
    'timeout-data',
    [
      'SMTP data timeout (message abandoned) on connection from ',
      maybe(fullHost),
      maybe(wording('local process', { local: true })),
      ' F=<',
      address('sender'),
      '>',
      duration,
    ],
    { phase: 'data' },
  ),
  production('timeout', 'timeout-local', ['timed out while reading local message'], { phase: 'local' }),
  production('disconnected', 'signal-local', [
    oneOf('text', 'SIGTERM', 'SIGINT'),
    ' received while reading local message',
  ]),
  production('incomplete', 'incomplete', [
    flaggedHost,
    ' incomplete transaction (',
    text('reason'),
    ')',
    maybe(' from <', address('sender'), '>'),
    maybe(' for ', rest('recipients')),
  ]),
];
