/**
 * Plans STARTTLS on Exim: which files have to be what, and what that means in words. Pure; what is
 * already so is no edit, so a second plan is empty.
 *
 * On Debian's layouts its own macros turn TLS on, and the certificate and key go where its template
 * expects them (CONFDIR/exim.crt, exim.key). For ciphers and ports it has no macro: they are option
 * lines, in a file of our own in conf.d, or beside the macros where there is one template. In an
 * `exim4.conf` written by hand everything is an option line of its main part; but one that was made from
 * Debian's, with its macros in it, is switched by them.
 */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { DebianConfiguration } from '../exim/debian-configuration.ts';
import {
  readSettings,
  removeSetting,
  setSetting,
  setSettingFirst,
  type Setting,
} from '../exim/debian-settings.ts';
import type { NamedFile } from '../host/named-file.ts';
import { planPorts } from './plan-ports.ts';
import type { PolicyOptions } from './policy.ts';

export interface EnableRequest {
  readonly configuration: DebianConfiguration;
  /** PEM: the certificate with its chain, and its key. Without them what lies there stays. */
  readonly certificate?: string;
  readonly key?: string;
  readonly options: PolicyOptions;
  /** Ports that have to serve, besides those that do. */
  readonly ports?: readonly number[];
  /** The certificate and key that lie there now, by path. */
  readonly present: ReadonlyMap<string, NamedFile>;
}

export interface EnablePlan {
  readonly edits: readonly Edit[];
  /** What the edits do, a sentence each. */
  readonly words: readonly string[];
  readonly warnings: readonly string[];
}

export function planEnable(request: EnableRequest): Result<EnablePlan> {
  const { configuration } = request;
  const obstacle = findObstacle(configuration);
  if (obstacle !== undefined) return obstacle;
  const texts = new Map(configuration.mainFiles.map(({ path, text }) => [path, text]));
  const words: string[] = [];
  const warnings: string[] = [];
  const switches = isBare(configuration) ? turnOnPlain : turnOn;
  switches(texts, configuration, words, warnings);
  if (!isTurnedOn(texts, configuration)) return neverClosed(configuration);
  setOptions(texts, request, words);
  planPorts(texts, request.ports ?? [], ownFile(configuration), words);
  const secrets = [
    ...secretEdit(request, 'exim.crt', request.certificate),
    ...secretEdit(request, 'exim.key', request.key),
  ];
  for (const { path } of secrets) words.unshift(`install ${path}, for root and Exim alone`);
  const edits: Edit[] = [...secrets];
  for (const [path, text] of texts) {
    const before = configuration.mainFiles.find((file) => file.path === path)?.text;
    if (text !== before) edits.push({ path, content: Buffer.from(text, 'latin1') });
  }
  return ok({ edits, words, warnings });
}

/** The file that option lines without a macro of Debian's go into. */
function ownFile({ folder, layout, localMacros }: DebianConfiguration): string {
  return layout === 'split' ? `${folder}/conf.d/main/04_portreeve_tls` : localMacros;
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
  certificate: 'The certificate and its key (portreeve tls enable)',
  advertise: 'STARTTLS is offered to everybody (portreeve tls enable)',
  option: 'Which TLS versions and ciphers are accepted (portreeve tls enable --policy)',
};

type Texts = Map<string, string>;

function turnOn(
  texts: Texts,
  { localMacros, folder, layout }: DebianConfiguration,
  words: string[],
  warnings: string[],
): void {
  let text = texts.get(localMacros) ?? '';
  const before = readSettings(text);
  for (const [name, file] of Object.entries(detours)) {
    const harmless = file === undefined ? [] : [`CONFDIR/${file}`, `${folder}/${file}`];
    const other = before.find((setting) => setting.name === name && !harmless.includes(setting.value));
    if (other === undefined) continue;
    text = removeSetting(text, name);
    words.push(`take ${name} = ${other.value} out of ${localMacros}: it leads past that certificate`);
  }
  const value = before.findLast(({ name }) => name === macro)?.value;
  if (/^(?:false|no|0|off)$/i.test(value ?? '')) {
    warnings.push(
      `${macro} = ${value} in ${localMacros} has TLS on as well: Debian's template asks only whether it is defined`,
    );
  }
  if (value !== 'yes') words.push(`turn TLS on: ${macro} = yes in ${localMacros}`);
  const set = layout === 'plain' ? setSettingFirst : setSetting;
  texts.set(localMacros, set(text, macro, 'yes', comments.macro));
}

/** A file of somebody's own, which does not look at Debian's macro. */
function isBare({ layout, mainFiles }: DebianConfiguration): boolean {
  return layout === 'plain' && !mainFiles.some(({ text }) => looksAtMacro(text));
}

function looksAtMacro(text: string): boolean {
  return /^\s*\.ifdef\s+MAIN_TLS_ENABLE\b/m.test(text);
}

function turnOnPlain(texts: Texts, { localMacros, folder }: DebianConfiguration, words: string[]): void {
  let text = texts.get(localMacros) ?? '';
  for (const [name, file] of [
    ['tls_certificate', 'exim.crt'],
    ['tls_privatekey', 'exim.key'],
  ] as const) {
    const value = `${folder}/${file}`;
    const next = setSetting(text, name, value, comments.certificate);
    if (next !== text) words.push(`set ${name} = ${value} in ${localMacros}`);
    text = next;
  }
  const advertised = readSettings(text).findLast(({ name }) => name === 'tls_advertise_hosts');
  // Left out it means everybody; set to nothing it means nobody.
  if (advertised?.value === '') {
    text = setSetting(text, 'tls_advertise_hosts', '*', comments.advertise);
    words.push(`offer STARTTLS to everybody: tls_advertise_hosts = * in ${localMacros}`);
  }
  texts.set(localMacros, text);
}

function isTurnedOn(texts: Texts, configuration: DebianConfiguration): boolean {
  const { localMacros } = configuration;
  const wanted = isBare(configuration) ? ['tls_certificate', 'tls_privatekey'] : [macro];
  const settings = readSettings(texts.get(localMacros) ?? '');
  return wanted.every((each) => settings.some(({ name, depth }) => name === each && depth === 0));
}

function neverClosed({ localMacros }: DebianConfiguration): Result<never> {
  return fail('configuration', 'cannot turn TLS on: each .ifdef must have its .endif: one has none', {
    path: localMacros,
  });
}

function setOptions(texts: Texts, { configuration, options }: EnableRequest, words: string[]): void {
  const { localMacros } = configuration;
  for (const name of cipherOptions) {
    const value = options[name];
    const inMacros = readSettings(texts.get(localMacros) ?? '').some((setting) => setting.name === name);
    const path = inMacros ? localMacros : ownFile(configuration);
    const text = texts.get(path) ?? '';
    const next =
      value === undefined ? removeSetting(text, name) : setSetting(text, name, value, comments.option);
    if (next === text) continue;
    texts.set(path, next);
    words.push(value === undefined ? `take ${name} out of ${path}` : `set ${name} in ${path}`);
  }
}

function findObstacle(configuration: DebianConfiguration): Result<never> | undefined {
  const bare = isBare(configuration);
  const local = new Set([configuration.localMacros, ownFile(configuration)]);
  let switchable = bare;
  for (const { path, text } of configuration.mainFiles) {
    switchable ||= looksAtMacro(text);
    const whole = configuration.layout === 'plain';
    for (const setting of readSettings(text)) {
      const why = bare ? obstacleInBare(setting) : obstacleIn(setting, { local: local.has(path), whole });
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
  return switchable
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

function isCipherOption(name: string): boolean {
  return cipherOptions.some((option) => option === name);
}

function obstacleInBare({ name, depth }: Setting): string | undefined {
  const ours = setByDebian.has(name) || isCipherOption(name);
  return ours && depth > 0 ? 'needs settings that hang on no .ifdef' : undefined;
}

/** `whole`: Debian's defaults and what is ours lie in one file. */
function obstacleIn(
  setting: Setting,
  { local, whole }: { readonly local: boolean; readonly whole: boolean },
): string | undefined {
  const { name, depth, kind } = setting;
  const conditional = depth > 0;
  if (kind === 'option' && setByDebian.has(name)) {
    return conditional ? undefined : "needs Debian's template alone to set the certificate";
  }
  const ours = name in detours || isCipherOption(name) || name === macro;
  if (!ours) return undefined;
  if (local && !(whole && kind === 'macro'))
    return conditional ? 'needs settings that hang on no .ifdef' : undefined;
  if (whole && !conditional) return undefined;
  // Debian's own defaults hang on .ifndef, and give way.
  return conditional && kind === 'macro' ? undefined : 'needs its settings in the local macros alone';
}

/** Readable by Exim and root alone, at its usual place. */
function secretEdit({ configuration, present }: EnableRequest, name: string, text?: string): Edit[] {
  if (text === undefined) return [];
  const path = `${configuration.folder}/${name}`;
  const edit = {
    path,
    // In place of a link, too.
    kind: 'file',
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
