/** The value of what has to succeed. */
import assert from 'node:assert/strict';
import type { Result } from '../src/base/result.ts';

export function succeeded<T>(result: Result<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
