/**
 * Plans STARTTLS on Debian's Exim: which files have to be what. Pure; what is already so is no edit, so
 * a second plan is empty.
 *
 * Debian's own macros turn TLS on; the certificate and key go where its template expects them
 * (CONFDIR/exim.crt, exim.key). For ciphers it has no macro: they are an option line, in a file of our own in
 * conf.d, or beside the macros where there is one template.
 */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { DebianConfiguration } from '../exim/debian-configuration.ts';
import { readSettings, removeSetting, setSetting, type Setting } from '../exim/debian-settings.ts';
import type { NamedFile } from '../host/named-file.ts';
import type { PolicyOptions } from './policy.ts';

export interface EnableRequest {
  readonly configuration: DebianConfiguration;
  /** PEM: the certificate with its chain, and its key. */
  readonly certificate: string;
  readonly key: string;
  readonly options: PolicyOptions;
  /** The certificate and key that lie there now, by path. */
  readonly present: ReadonlyMap<string, NamedFile>;
}

export function planEnable(request: EnableRequest): Result<Edit[]> {
  const { configuration } = request;
  const obstacle = findObstacle(configuration);
  if (obstacle !== undefined) return obstacle;
  const texts = new Map(configuration.mainFiles.map(({ path, text }) => [path, text]));
  turnOn(texts, configuration);
  if (!isTurnedOn(texts.get(configuration.localMacros) ?? '')) return neverClosed(configuration);
  setOptions(texts, request);
  const edits: Edit[] = [
    ...secretEdit(request, 'exim.crt', request.certificate),
    ...secretEdit(request, 'exim.key', request.key),
  ];
  for (const [path, text] of texts) {
    const before = configuration.mainFiles.find((file) => file.path === path)?.text;
    if (text !== before) edits.push({ path, content: new TextEncoder().encode(text) });
  }
  return ok(edits);
}

/** Macros that would lead Exim past the certificate that is installed, and where that lies. */
const detours: Readonly<Record<string, string | undefined>> = {
  MAIN_TLS_CERTKEY: undefined,
  MAIN_TLS_CERTIFICATE: 'exim.crt',
  MAIN_TLS_PRIVATEKEY: 'exim.key',
};

/** Options that Debian's template sets by itself once TLS is on; Exim does not bear them twice. */
const setByDebian = new Set(['tls_certificate', 'tls_privatekey', 'tls_advertise_hosts']);

/** Whether it is defined is all that Debian's template asks, but `false` would mislead people. */
const macro = 'MAIN_TLS_ENABLE';

const cipherOptions = ['tls_require_ciphers', 'openssl_options'] as const;

const comments = {
  macro:
    "TLS with the certificate in exim.crt and the key in exim.key, by Debian's template (portreeve tls enable)",
  option: 'Which TLS versions and ciphers are accepted (portreeve tls enable --policy)',
};

function turnOn(texts: Map<string, string>, { localMacros, folder }: DebianConfiguration): void {
  let text = texts.get(localMacros) ?? '';
  for (const [name, file] of Object.entries(detours)) {
    const harmless = file === undefined ? [] : [`CONFDIR/${file}`, `${folder}/${file}`];
    const set = readSettings(text).filter((setting) => setting.name === name);
    if (set.some(({ value }) => !harmless.includes(value))) text = removeSetting(text, name);
  }
  texts.set(localMacros, setSetting(text, macro, 'yes', comments.macro));
}

function isTurnedOn(text: string): boolean {
  return readSettings(text).some(({ name, depth }) => name === macro && depth === 0);
}

function neverClosed({ localMacros }: DebianConfiguration): Result<never> {
  return fail('configuration', 'cannot turn TLS on: each .ifdef must have its .endif: one has none', {
    path: localMacros,
  });
}

function setOptions(texts: Map<string, string>, { configuration, options }: EnableRequest): void {
  const { localMacros } = configuration;
  for (const name of cipherOptions) {
    const value = options[name];
    const inMacros = readSettings(texts.get(localMacros) ?? '').some((setting) => setting.name === name);
    const path = inMacros ? localMacros : ownFile(configuration);
    const text = texts.get(path) ?? '';
    if (value !== undefined) texts.set(path, setSetting(text, name, value, comments.option));
    else if (inMacros || texts.has(path)) texts.set(path, removeSetting(text, name));
  }
}

function ownFile({ folder, layout, localMacros }: DebianConfiguration): string {
  return layout === 'split' ? `${folder}/conf.d/main/04_portreeve_tls` : localMacros;
}

function findObstacle(configuration: DebianConfiguration): Result<never> | undefined {
  const local = new Set([configuration.localMacros, ownFile(configuration)]);
  let looksAtMacro = false;
  for (const { path, text } of configuration.mainFiles) {
    looksAtMacro ||= /^\s*\.ifdef\s+MAIN_TLS_ENABLE\b/m.test(text);
    for (const setting of readSettings(text)) {
      const why = obstacleIn(setting, local.has(path));
      if (why !== undefined) {
        return fail(
          'configuration',
          `cannot turn TLS on: ${why}: line ${setting.line} of ${path} sets ${setting.name}`,
          {
            path,
            hint: 'remove that line; Portreeve sets what it did',
          },
        );
      }
    }
  }
  return looksAtMacro
    ? undefined
    : fail(
        'configuration',
        'cannot turn TLS on: the configuration must look at MAIN_TLS_ENABLE: it does not',
        {
          path: configuration.folder,
          hint: "bring back Debian's TLS options: dpkg --force-confmiss -i exim4-config, or ucf",
        },
      );
}

function obstacleIn(setting: Setting, local: boolean): string | undefined {
  const { name, depth, kind } = setting;
  const conditional = depth > 0;
  if (kind === 'option' && setByDebian.has(name)) {
    return conditional ? undefined : "needs Debian's template alone to set the certificate";
  }
  const ours = name in detours || cipherOptions.some((option) => option === name) || name === macro;
  if (!ours) return undefined;
  if (local) return conditional ? 'needs settings that hang on no .ifdef' : undefined;
  // Debian's own defaults hang on .ifndef, and give way.
  return conditional && kind === 'macro' ? undefined : 'needs its settings in the local macros alone';
}

/** Readable by Exim and root alone, at its usual place. */
function secretEdit({ configuration, present }: EnableRequest, name: string, text: string): Edit[] {
  const path = `${configuration.folder}/${name}`;
  const edit = {
    path,
    content: new TextEncoder().encode(text),
    owner: 'root',
    group: 'Debian-exim',
    mode: 0o640,
  } as const;
  const now = present.get(path);
  const same =
    now !== undefined &&
    now.owner === edit.owner &&
    now.group === edit.group &&
    now.mode === edit.mode &&
    new TextDecoder().decode(now.content) === text;
  return same ? [] : [edit];
}
