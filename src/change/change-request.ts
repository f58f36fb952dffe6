/** A change as somebody asks for it: data alone, so that it can come from a command line or a socket. */
import { ok, type Result } from '../base/result.ts';
import type { Edit } from '../base/edit.ts';
import type { Change, Proof } from './change.ts';
import { expectedProof } from './expected-proof.ts';

export interface ChangeRequest {
  readonly folder: string;
  readonly reason: string;
  readonly edits: readonly Edit[];
  /** Names of proofs, as `expectedProof` knows them. */
  readonly expect: readonly string[];
  readonly confirmWithinMs?: number;
}

export function changeOf({ expect, ...request }: ChangeRequest): Result<Change> {
  const proofs: Proof[] = [];
  for (const text of expect) {
    const proof = expectedProof(text);
    if (!proof.ok) return proof;
    proofs.push(proof.value);
  }
  return ok({ ...request, proofs });
}
