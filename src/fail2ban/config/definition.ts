/**
 * A filter's or an action's file, resolved: the options of [Definition], those of [Init], and those given
 * by a jail in brackets, in rising order of weight, with every tag replaced that names one of them.
 */
import { ok, type Result } from '../../base/result.ts';
import type { Configuration } from './configuration.ts';
import { substituteTags } from './substitute-tags.ts';

export interface DefinitionRequest {
  readonly configuration: Configuration;
  /** The options that are asked for. */
  readonly wanted: readonly string[];
  /** All further ones of [Definition] too. */
  readonly all?: boolean;
  /** Given with the name: `sshd[mode=aggressive]`. */
  readonly options: ReadonlyMap<string, string>;
  /** The jail's own, which the file may use; those that are `wanted` stand in for the file's. */
  readonly jail?: ReadonlyMap<string, string>;
  /** Left as they are, for whoever runs them. */
  readonly ignored?: ReadonlySet<string>;
}

export function resolveDefinition(request: DefinitionRequest): Result<Map<string, string>> {
  const { configuration, wanted, jail = new Map<string, string>() } = request;
  const variables = new Map([...jail, ...request.options]);
  const found = new Map<string, string>();
  for (const name of wanted) {
    if (variables.has(name)) continue;
    const value = configuration.get('Definition', name, variables);
    if (!value.ok) return value;
    if (value.value !== undefined) found.set(name, value.value);
  }
  const initial = withInit(configuration, request.options);
  if (!initial.ok) return initial;
  if (request.all === true) {
    for (const name of configuration.sections.get('Definition')?.keys() ?? []) {
      if (found.has(name)) continue;
      const value = configuration.get('Definition', name);
      if (!value.ok) return value;
      if (value.value !== undefined) found.set(name, value.value);
    }
  }
  const combined = new Map([...found, ...initial.value]);
  const ignored = new Set(request.ignored);
  for (const name of combined.keys()) {
    const plain = /^(\w+)\?.+$/.exec(name)?.[1];
    if (plain !== undefined) ignored.add(plain);
  }
  return substituteTags(combined, ignored, (name) => configuration.getNamed('Definition', name, variables));
}

function withInit(
  configuration: Configuration,
  options: ReadonlyMap<string, string>,
): Result<Map<string, string>> {
  const initial = new Map(options);
  for (const name of configuration.sections.get('Init')?.keys() ?? []) {
    const value = configuration.get('Init', name);
    if (!value.ok) return value;
    const text = value.value ?? '';
    if (!name.startsWith('known/')) initial.set(`known/${name}`, text);
    if (!initial.has(name)) initial.set(name, text);
  }
  return ok(initial);
}
