/**
 * An event as a flat record for programs: `kind`, `at` (ISO 8601), `id`, `peer`, then what is known of
 * the host (`port`, `name`, `helo`, `ident`), then the fields of its kind.
 */
import type { LogEvent, Tag } from './event.ts';

export function logRecord(event: LogEvent): Record<string, unknown> {
  const { kind, at, id, peer, host, stamp, form, tags, ...rest } = event as LogEvent & {
    tags?: readonly Tag[];
  };
  return {
    kind,
    ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
    ...(id === undefined ? {} : { id }),
    ...(peer === undefined ? {} : { peer }),
    ...(host?.port === undefined ? {} : { port: host.port }),
    ...(host?.name === undefined ? {} : { name: host.name }),
    ...(host?.helo === undefined ? {} : { helo: host.helo }),
    ...(host?.ident === undefined ? {} : { ident: host.ident }),
    ...(host?.interface === undefined ? {} : { interface: host.interface }),
    ...(stamp.pid === undefined ? {} : { pid: stamp.pid }),
    form,
    ...rest,
    ...(tags === undefined || tags.length === 0
      ? {}
      : { tags: Object.fromEntries(tags.map(({ name, value }) => [name, value ?? true])) }),
  };
}
