import { z } from 'zod'
import { Sha256 } from '../../contract/patch.ts'
import { Matrix } from '../../contract/report.ts'
import { Warning } from '../../contract/verdict.ts'
import { Evidence } from './evidence.ts'
import type { Case } from './request.ts'

/** What a judge was given beside task and patch, as the session keeps it: another can be asked about the same. */
export const Given = z.strictObject({
  v: z.literal(1),
  /** Digest of the patch that it is about. */
  patch: Sha256,
  matrix: Matrix,
  warnings: z.array(Warning),
  accounts: z.array(z.strictObject({ attempt: z.int().positive(), text: z.string() })),
  evidence: Evidence,
})
export type Given = z.infer<typeof Given>

export function givenText({ patch, matrix, warnings, accounts = [], evidence = {} }: Case): string {
  return JSON.stringify({ v: 1, patch: patch.digest, matrix, warnings, accounts, evidence })
}
