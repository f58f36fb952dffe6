/** What a line of a log that is not Exim's is evidence for; undefined where it is none. */
import type { Sighting } from './sighting.ts';

export type LineJudge = (line: string) => Sighting | undefined;
