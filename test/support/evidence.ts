import assert from 'node:assert/strict'
import { EvidenceCheck } from '../../src/contract/evidence.ts'
import type { Drydock } from './drydock.ts'

/** Runs the evidence of a repair again in a clone, and asks that each of its three runs comes out the same. */
export async function assertSameAgain(
  drydock: Drydock,
  evidence: string,
  clone: string,
  flags: readonly string[] = [],
): Promise<void> {
  const again = await drydock.run(['verify-evidence', evidence, '--repo', clone, ...flags, '--json'])
  const check = EvidenceCheck.parse(JSON.parse(again.stdout || again.stderr))
  assert.equal(check.same, true, again.stdout)
  assert.deepEqual(
    check.runs.map(({ role, same }) => [role, same > 0]),
    [
      ['base', true],
      ['update', true],
      ['repair', true],
    ],
  )
}
