/**
 * A rule as data: which events are evidence, and of what. Built-in ones and those of the settings file are
 * the same.
 */
import type { LogEvent, LogKind } from '../exim/event.ts';
import type { SightingKind } from './sighting-kind.ts';

export interface EventRule {
  readonly name: string;
  readonly event: LogKind;
  /** All of them have to hold. */
  readonly where: readonly Condition[];
  /** What an event that fits is a sighting of. */
  readonly kind: SightingKind;
  /** As how many sightings it counts; 1 without it. */
  readonly times?: number;
}

/** On one field of the event: a text, a number or a flag, compared as text. A field that is absent is `''`. */
export interface Condition {
  readonly field: string;
  readonly test: (value: string) => boolean;
}

export function is(field: string, ...values: readonly string[]): Condition {
  return { field, test: (value) => values.includes(value) };
}

export function isNot(field: string, value: string): Condition {
  return { field, test: (given) => given !== value };
}

/** Only of patterns that no stranger has written: theirs run on re2js (pattern.ts). */
export function matches(field: string, pattern: RegExp): Condition {
  return { field, test: (value) => pattern.test(value) };
}

/** Finds the first rule that an event fits. */
export function ruleFinder(rules: readonly EventRule[]): (event: LogEvent) => EventRule | undefined {
  const byEvent = Map.groupBy(rules, ({ event }) => event);
  return (event) =>
    byEvent
      .get(event.kind)
      ?.find(({ where }) => where.every(({ field, test }) => test(fieldOf(event, field))));
}

function fieldOf(event: LogEvent, field: string): string {
  const value: unknown = Object.hasOwn(event, field)
    ? (event as unknown as Readonly<Record<string, unknown>>)[field]
    : undefined;
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return '';
  }
}
