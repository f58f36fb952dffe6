/**
 * What is known of the configuration folders that people track most: a short name, where secrets lie in them
 * besides what name and content tell (secret.ts), and what a program makes of other files there, which is
 * not configuration. As Debian 12 ships them.
 */
export interface FolderProfile {
  readonly name: string;
  readonly folder: string;
  /** Paths, relative to the folder, that are secrets. */
  readonly secrets: readonly RegExp[];
  /** Paths that are made of others, and by what: they are not recorded. */
  readonly made: readonly { readonly path: RegExp; readonly by: string }[];
}

export const folderProfiles: readonly FolderProfile[] = [
  {
    name: 'exim4',
    folder: '/etc/exim4',
    // Debian's places for logins, ours and those to other hosts, and for keys; DKIM keys by custom.
    secrets: [/^passwd(?:\.client)?$/, /^exim\.key$/, /^dkim\/(?!.*\.pub$).+/],
    made: [],
  },
  {
    name: 'apache2',
    folder: '/etc/apache2',
    secrets: [/^(?:ssl\.key|ssl\/private)\/.+/],
    made: [],
  },
  {
    name: 'nginx',
    folder: '/etc/nginx',
    secrets: [/^(?:ssl\/private|private)\/.+/],
    made: [],
  },
  {
    name: 'postfix',
    folder: '/etc/postfix',
    // The maps that hold logins to other hosts, SQL and LDAP queries with their passwords, also as made by postmap.
    secrets: [/^sasl(?:\/|_)?passwd/, /^(?:sql|ldap)\/.+\.cf$/, /^(?:mysql|pgsql|ldap)[\w.-]*\.cf$/],
    made: [{ path: /\.(?:db|lmdb|cdb|dir|pag)$/, by: 'postmap' }],
  },
  {
    name: 'dovecot',
    folder: '/etc/dovecot',
    // Passwd-files, and the queries with the password of their database.
    secrets: [
      /^(?:users|passwd|passwd\..+|.*\.passwd)$/,
      /^dovecot-(?:sql|ldap|dict)[\w.-]*\.ext$/,
      /^private\/.+/,
    ],
    made: [],
  },
  {
    name: 'ssh',
    folder: '/etc/ssh',
    secrets: [/^ssh_host_\w+_key$/],
    made: [],
  },
  {
    name: 'portreeve',
    folder: '/etc/portreeve',
    // Whatever a setting calls a secret has a file of its own (portreeve.toml(5)).
    secrets: [/^(?:secrets?|tokens?|acme)\/.+/, /\.(?:token|secret)$/],
    made: [],
  },
];

/** Of a folder, by its path; or by the short name that a person may use for it. */
export function folderProfile(given: string): FolderProfile | undefined {
  return folderProfiles.find(({ name, folder }) => given === folder || given === name);
}
