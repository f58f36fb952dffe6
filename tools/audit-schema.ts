// Writes docs/audit-schema.json, the published schema of `tls audit --json`: node tools/audit-schema.ts
// src/tls/audit/audit-schema.test.ts fails when the file is not what this writes.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedSchema } from '../src/tls/audit/audit-schema.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'audit-schema.json'), publishedSchema());
