/**
 * The daemons besides Exim whose folders can be changed safely: how each checks its configuration, what
 * its check lets pass, and how it takes a new one. As measured in Debian 12; see docs/decisions/0044.
 */
export interface KnownDaemon {
  readonly name: string;
  readonly folder: string;
  readonly program: string;
  /** Each has to end with status 0, with the copy in the folder's place. */
  readonly checks: readonly (readonly string[])[];
  /** Lines of a check that passes, and still tells of something broken. */
  readonly telling?: RegExp;
  /** Lists what is in force; a line that matches is needed. */
  readonly needs?: { readonly argv: readonly string[]; readonly line: RegExp; readonly what: string };
  /** Finds the files that it reads later, in the output of a program. */
  readonly reads?: { readonly argv: readonly string[]; readonly path: RegExp };
  readonly pidFile: string;
  readonly reload: readonly string[] | 'SIGHUP';
}

export const knownDaemons: readonly KnownDaemon[] = [
  {
    name: 'nginx',
    folder: '/etc/nginx',
    program: '/usr/sbin/nginx',
    checks: [['nginx', '-t']],
    telling: /\[(?:warn|emerg|crit)\]/,
    pidFile: '/run/nginx.pid',
    // A bad configuration leaves it with the old one, and says so in its log alone.
    reload: ['nginx', '-s', 'reload'],
  },
  {
    name: 'Apache',
    folder: '/etc/apache2',
    program: '/usr/sbin/apache2',
    checks: [['apache2ctl', '-t']],
    telling: /AH00112|does not exist|Could not/,
    pidFile: '/run/apache2/apache2.pid',
    reload: ['apache2ctl', 'graceful'],
  },
  {
    name: 'sshd',
    folder: '/etc/ssh',
    program: '/usr/sbin/sshd',
    checks: [['/usr/sbin/sshd', '-t']],
    telling: /\S/,
    needs: {
      argv: ['/usr/sbin/sshd', '-T'],
      line: /^(?:pubkey|password|kbdinteractive|gssapi|hostbased)authentication yes$/m,
      what: 'one way to log in must be allowed: all are off',
    },
    pidFile: '/run/sshd.pid',
    reload: 'SIGHUP',
  },
  {
    name: 'Dovecot',
    folder: '/etc/dovecot',
    program: '/usr/sbin/dovecot',
    checks: [['doveconf', '-n']],
    telling: /Warning|Error/,
    reads: { argv: ['doveconf', '-n'], path: /= <(\/\S+)$/gm },
    pidFile: '/run/dovecot/master.pid',
    reload: ['doveadm', 'reload'],
  },
  {
    name: 'Postfix',
    folder: '/etc/postfix',
    program: '/usr/sbin/postfix',
    checks: [
      ['postconf', '-n'],
      ['postfix', 'check'],
    ],
    telling: /warning:|fatal:|error:/,
    pidFile: '/var/spool/postfix/pid/master.pid',
    reload: ['postfix', 'reload'],
  },
];
