/** A store with 100,000 bans in force, and 1,000,000 sightings of a week, for bench/page. As a program: `page-store.ts FOLDER`. */
import { sightingKinds } from '../src/guard/sighting-kind.ts';
import { openStore } from '../src/store/open-store.ts';

export async function fillStore(folder: string, now: number): Promise<void> {
  const opened = await openStore(folder, now);
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened.value;
  const evidence = Array.from(
    { length: 5 },
    (_, place) =>
      `2026-11-24 09:00:0${place} H=(x) [198.18.0.1] rejected RCPT <a@b.example>: relay not permitted`,
  );
  for (let thousand = 0; thousand < 100; thousand += 1) {
    const bans = Array.from({ length: 1000 }, (_, place) => {
      const host = thousand * 1000 + place;
      const target = `198.${18 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
      return {
        target,
        began: now - host,
        until: now + 3_600_000,
        rule: 'relay',
        reason: '3 sightings',
        offences: 1,
        evidence,
        mailBefore: 0,
        attempts: 3,
        mailLost: 0,
      };
    });
    store.save({ bans });
  }
  const minute = Math.floor(now / 60_000);
  const counts = Array.from({ length: 10_000 }, (_, back) =>
    sightingKinds.map((kind) => ({ minute: minute - back, name: `sighting ${kind}`, count: 10 })),
  ).flat();
  store.save({ counts });
  store.close();
}

if (import.meta.main) await fillStore(process.argv[2] ?? '', Date.now());
