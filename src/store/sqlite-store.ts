/** The store in an SQLite file. Its tables are made and changed by the files in `migrations/`, in order. */
import type { Result } from '../base/result.ts';
import type { Database, Row, Values } from '../host/database.ts';
import type {
  BanQuery,
  BanSearch,
  Batch,
  Counter,
  FoundBans,
  Retention,
  Store,
  StoredBan,
  StoredIncident,
  StoredMemory,
  StoredTrust,
} from './store.ts';

const dayMs = 86_400_000;

/** Bans are forgotten so many at a time until the file is small enough. */
const handful = 100;

const columns = [
  'target',
  'began',
  'until',
  'ended',
  'rule',
  'reason',
  'offences',
  'mail_before',
  'attempts',
  'mail_lost',
] as const;
const listed = columns.join(', ');

const fewToSort = 10_000;

const isOver = '(ended IS NOT NULL OR until <= ?)';

export class SqliteStore implements Store {
  readonly #file: Database;

  constructor(file: Database) {
    this.#file = file;
  }

  save(batch: Batch): Result<void> {
    const { bans = [], trust = [], memory = [], harm = [], incidents = [], position, counts = [] } = batch;
    const file = this.#file;
    return file.write('save in', () => {
      for (const ban of bans) {
        const { target, began, until, ended, rule, reason, offences, evidence } = ban;
        const values = [
          target,
          began,
          until,
          ended ?? null,
          rule,
          reason,
          offences,
          JSON.stringify(evidence),
          ban.mailBefore,
          ban.attempts,
          ban.mailLost,
        ];
        file.change(
          `INSERT INTO bans (target, began, until, ended, rule, reason, offences, evidence, mail_before, attempts, mail_lost)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          ...values,
        );
      }
      for (const { address, credit, at, messages, logins } of trust)
        file.change('REPLACE INTO trust VALUES (?, ?, ?, ?, ?)', address, credit, at, messages, logins);
      for (const { kind, key, at, state } of memory) {
        if (state === undefined) file.change('DELETE FROM memory WHERE kind = ? AND key = ?', kind, key);
        else file.change('REPLACE INTO memory VALUES (?, ?, ?, ?)', kind, key, at, state);
      }
      for (const { target, began, attempts, mailLost } of harm)
        file.change(
          'UPDATE bans SET attempts = ?, mail_lost = ? WHERE target = ? AND began = ?',
          attempts,
          mailLost,
          target,
          began,
        );
      for (const { began, ended, summary } of incidents)
        file.change('REPLACE INTO incidents VALUES (?, ?, ?)', began, ended, summary);
      if (position !== undefined)
        file.change('REPLACE INTO positions VALUES (?, ?)', position.path, position.place);
      for (const { minute, name, count } of counts) {
        const add = 'VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count';
        file.change(`INSERT INTO counters ${add}`, minute, name, count);
        file.change(`INSERT INTO hours ${add}`, Math.floor(minute / 60), name, count);
      }
    });
  }

  eachInForce(now: number, use: (target: string, until: number, rule: string) => void): Result<void> {
    // One text of them all, from one index: a row at a time takes five times as long.
    const sql = `SELECT group_concat(until || ' ' || target || ' ' || rule, char(10)) FROM bans
      WHERE until > ? AND ended IS NULL`;
    return this.#file.read('read', () => {
      this.#file.eachValues(
        sql,
        ([text]) => {
          if (typeof text !== 'string') return;
          for (let from = 0; from < text.length; ) {
            const target = text.indexOf(' ', from) + 1;
            const rule = text.indexOf(' ', target) + 1;
            const found = text.indexOf('\n', rule);
            const end = found === -1 ? text.length : found;
            use(text.slice(target, rule - 1), Number(text.slice(from, target - 1)), text.slice(rule, end));
            from = end + 1;
          }
        },
        now,
      );
    });
  }

  lastBans(since: number): Result<readonly Omit<StoredBan, 'evidence'>[]> {
    return this.#file.read('read', () => {
      const bans: Omit<StoredBan, 'evidence'>[] = [];
      // Beside max(), bare columns are those of its row: https://sqlite.org/lang_select.html#bareagg
      this.#file.eachValues(
        `SELECT ${listed}, max(id) FROM bans GROUP BY target HAVING until > ?`,
        (values) => void bans.push(banOfValues(values)),
        since,
      );
      return bans;
    });
  }

  bansOf(target: string): Result<readonly StoredBan[]> {
    return this.#file.read('read', () =>
      this.#file.rows('SELECT * FROM bans WHERE target = ? ORDER BY id', target).map((row) => ({
        ...banOf(row),
        evidence: JSON.parse(String(row['evidence'])) as string[],
      })),
    );
  }

  bans({ from, to, search = '', rule, limit }: BanQuery): Result<readonly Omit<StoredBan, 'evidence'>[]> {
    const text = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    return this.#file.read('read', () =>
      this.#file
        .rows(
          `SELECT ${listed} FROM bans
           WHERE ifnull(ended, until) > ? AND began < ? AND (? IS NULL OR rule = ?)
             AND (target LIKE ? ESCAPE '\\' OR rule LIKE ? ESCAPE '\\' OR reason LIKE ? ESCAPE '\\')
           ORDER BY began DESC, id DESC LIMIT ?`,
          from,
          to,
          rule ?? null,
          rule ?? null,
          text,
          text,
          text,
          limit,
        )
        .map(banOf),
    );
  }

  incidents(from: number, to: number): Result<readonly StoredIncident[]> {
    return this.#file.read(
      'read',
      () =>
        this.#file
          .rows('SELECT * FROM incidents WHERE ended >= ? AND began < ? ORDER BY began', from, to)
          .map((row) => ({ ...row })) as unknown as StoredIncident[],
    );
  }

  endBans(target: string, now: number): Result<number> {
    return this.#file.write('save in', () =>
      this.#file.change(
        'UPDATE bans SET ended = ? WHERE target = ? AND ended IS NULL AND until > ?',
        now,
        target,
        now,
      ),
    );
  }

  bansInForce(now: number, { search, limit }: BanSearch): Result<FoundBans> {
    const file = this.#file;
    const isIt = `until > ? AND ended IS NULL ${search === '' ? '' : 'AND (instr(rule, ?) > 0 OR instr(target, ?) > 0)'}`;
    const values = search === '' ? [now] : [now, search, search];
    // The index alone: the table with its evidence is a hundred times as long.
    const inIndex = `FROM bans INDEXED BY bans_in_force WHERE ${isIt}`;
    return file.read('read', () => {
      const total = Number(file.rows(`SELECT count(*) AS total ${inIndex}`, ...values)[0]?.['total'] ?? 0);
      const newest =
        total > fewToSort
          ? // Among so many, walking back from the newest soon finds a page of them.
            `FROM bans NOT INDEXED WHERE ${isIt}`
          : `FROM bans WHERE id IN (SELECT id ${inIndex} ORDER BY id DESC LIMIT ${limit})`;
      const rows = file.rows(`SELECT ${listed} ${newest} ORDER BY id DESC LIMIT ?`, ...values, limit);
      return { bans: rows.map(banOf), total };
    });
  }

  trustOf(address: string): Result<StoredTrust | undefined> {
    return this.#file.read('read', () => {
      const [row] = this.#file.rows('SELECT * FROM trust WHERE address = ?', address);
      return row === undefined ? undefined : ({ ...row } as unknown as StoredTrust);
    });
  }

  trust(): Result<readonly StoredTrust[]> {
    return this.#file.read(
      'read',
      () =>
        this.#file
          .rows('SELECT * FROM trust ORDER BY at')
          .map((row) => ({ ...row })) as unknown as StoredTrust[],
    );
  }

  eachMemory(kind: string, since: number, use: (memory: StoredMemory) => void): Result<void> {
    return this.#file.read('read', () => {
      const sql = 'SELECT * FROM memory WHERE kind = ? AND at > ? ORDER BY at';
      this.#file.eachRow(sql, (row) => use(row as unknown as StoredMemory), kind, since);
    });
  }

  position(path: string): Result<string | undefined> {
    return this.#file.read('read', () => {
      const [row] = this.#file.rows('SELECT place FROM positions WHERE path = ?', path);
      return row === undefined ? undefined : String(row['place']);
    });
  }

  counts(from: number, to: number): Result<readonly Counter[]> {
    return this.#file.read(
      'read',
      () =>
        this.#file
          .rows('SELECT * FROM counters WHERE minute >= ? AND minute < ? ORDER BY minute, name', from, to)
          .map((row) => ({ ...row })) as unknown as Counter[],
    );
  }

  series(from: number, step: number, places: number): Result<ReadonlyMap<string, readonly number[]>> {
    return this.#file.read('read', () => {
      const sums = new Map<string, number[]>();
      // Whole hours are summed up already.
      const isHourly = from % 60 === 0 && step % 60 === 0;
      const [table, unit, minutes] = isHourly ? ['hours', 'hour', 60] : ['counters', 'minute', 1];
      this.#file.eachValues(
        `SELECT name, ${unit}, count FROM ${table} WHERE ${unit} >= ? AND ${unit} < ?`,
        ([name, at, count]) => {
          const row = sums.getOrInsertComputed(String(name), () => Array.from({ length: places }, () => 0));
          const place = Math.floor((Number(at) * minutes - from) / step);
          row[place] = (row[place] ?? 0) + Number(count);
        },
        from / minutes,
        (from + step * places) / minutes,
      );
      return sums;
    });
  }

  prune({ days, bytes, memory }: Retention, now: number): Result<void> {
    const file = this.#file;
    const before = now - days * dayMs;
    const forgotten = file.write('prune', () => {
      file.change(`DELETE FROM bans WHERE ${isOver} AND ifnull(ended, until) <= ?`, now, before);
      file.change('DELETE FROM trust WHERE at <= ?', before);
      file.change('DELETE FROM incidents WHERE ended <= ?', before);
      file.change('DELETE FROM counters WHERE minute <= ?', Math.floor(before / 60_000));
      file.change('DELETE FROM hours WHERE hour < ?', Math.floor(before / 3_600_000));
      file.change('DELETE FROM memory WHERE at <= ?', now - memory);
      while (this.#bytes() > bytes) {
        const gone = file.change(
          `DELETE FROM bans WHERE id IN (SELECT id FROM bans WHERE ${isOver} ORDER BY id LIMIT ${handful})`,
          now,
        );
        // Then what is in mind, the longest untouched first: a flood of addresses must not fill the disk.
        if (gone === 0 && !this.#forgetOldest()) break;
      }
    });
    if (!forgotten.ok) return forgotten;
    // Outside a transaction: the file itself becomes smaller.
    return file.read('shrink', () => {
      file.run('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  close(): void {
    this.#file.close();
  }

  #forgetOldest(): boolean {
    const file = this.#file;
    const [row] = file.rows(
      `SELECT max(at) AS at FROM (SELECT at FROM memory WHERE kind <> 'key' ORDER BY at LIMIT ${handful * 10})`,
    );
    const at = row?.['at'];
    return (
      typeof at === 'number' && file.change("DELETE FROM memory WHERE at <= ? AND kind <> 'key'", at) > 0
    );
  }

  /** Of the pages that hold something. */
  #bytes(): number {
    const pragma = (name: string): number => Number(this.#file.rows(`PRAGMA ${name}`)[0]?.[name] ?? 0);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }
}

function banOf(row: Row): Omit<StoredBan, 'evidence'> {
  return banOfValues(columns.map((column) => row[column]));
}

/** In the order of `columns`. */
function banOfValues(values: Values): Omit<StoredBan, 'evidence'> {
  const [target, began, until, ended, rule, reason, offences, mailBefore, attempts, mailLost] = values;
  return {
    target: String(target),
    began: Number(began),
    until: Number(until),
    ...(typeof ended === 'number' ? { ended } : {}),
    rule: String(rule),
    reason: String(reason),
    offences: Number(offences),
    mailBefore: Number(mailBefore),
    attempts: Number(attempts),
    mailLost: Number(mailLost),
  };
}
