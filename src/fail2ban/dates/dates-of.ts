/** The detector for a filter's `datepattern`; undefined patterns mean the default ones. */
import { fail, ok, type Result } from '../../base/result.ts';
import { DateDetector } from './date-detector.ts';
import { type DateTemplate, dateTemplate, unbound } from './date-template.ts';
import { defaultPatterns, defaultTemplates, plainTemplates } from './default-templates.ts';

/** `thisYear` bounds what may be a year. */
export function datesOf(datepattern: string | undefined, thisYear: number): Result<DateDetector> {
  const patterns = (datepattern ?? '')
    .split(/\n+/)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  if (patterns.length === 0) return ok(new DateDetector(defaultTemplates(thisYear)));
  const all = new Map<string, DateTemplate>();
  for (const pattern of patterns) {
    const added = templatesOf(pattern, thisYear);
    if (!added.ok) return added;
    const isList = added.value.length > 1;
    for (const template of added.value) {
      // A list adds what is not there yet; one that is named twice is a mistake.
      if (all.has(template.name)) {
        if (isList) continue;
        return fail('configuration', `cannot use the datepattern: needs each pattern once: ${template.name}`);
      }
      all.set(template.name, template);
    }
  }
  return ok(new DateDetector([...all.values()]));
}

function templatesOf(pattern: string, thisYear: number): Result<readonly DateTemplate[]> {
  const key = pattern.includes('%') ? pattern : pattern.toUpperCase();
  if (key === '{DEFAULT}') return ok(defaultTemplates(thisYear));
  if (key === '{^LN-BEG}') return ok(defaultTemplates(thisYear).filter(({ atStart }) => atStart));
  if (key.includes('{DATE}')) return placed(pattern, thisYear);
  const template = dateTemplate(key === '{NONE}' ? '{UNB}^' : pattern, thisYear);
  return template.ok ? checked([template.value]) : template;
}

/** Those of a person's pattern: what does not compile is their mistake. */
function checked(templates: readonly DateTemplate[]): Result<readonly DateTemplate[]> {
  for (const template of templates) {
    const says = template.refusal();
    if (says === undefined) continue;
    return fail('configuration', `cannot use the datepattern: Python's syntax: ${says}: ${template.name}`);
  }
  return ok(templates);
}

/** `{DATE}` within other text: each of the default dates there. */
function placed(pattern: string, thisYear: number): Result<readonly DateTemplate[]> {
  const templates: DateTemplate[] = [];
  for (const [place, plain] of plainTemplates(thisYear).entries()) {
    const inner = plain.pattern === undefined ? plain.name : (defaultPatterns[place] ?? '');
    const template = dateTemplate(
      pattern.replace(/(?<!\\)\{DATE\}/gi, () => unbound(inner)),
      thisYear,
    );
    if (!template.ok) return template;
    templates.push(template.value);
  }
  return checked(templates);
}
