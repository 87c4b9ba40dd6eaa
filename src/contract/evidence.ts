import { z } from 'zod'
import { AttemptEnd } from './attempt.ts'
import { Move, ResolvedPlace } from './events.ts'
import { CommitId, PatchRef, Sha256 } from './patch.ts'
import { RunRole } from './report.ts'
import { Ecosystem, SessionId } from './task.ts'
import { Verdict, Warning } from './verdict.ts'
import { WhyItBroke } from './why.ts'

/** What a session was asked, without where on a machine. */
const Asked = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('dependency-update'),
    ecosystem: Ecosystem,
    package: z.string(),
    requested: z.string(),
    manifest: z.string().optional(),
  }),
  z.strictObject({ kind: z.enum(['refactor', 'migration']), title: z.string(), prompt: z.string() }),
])

/** What the checks were given; they decide results as much as the code does. */
export const EvidenceLimits = z.strictObject({
  verifyTimeoutMs: z.int().positive(),
  memoryMb: z.int().positive(),
  cpus: z.number().positive(),
  pids: z.int().positive(),
  workspaceMb: z.int().positive(),
  keepSecretFiles: z.boolean(),
  allowMissing: z.boolean(),
})
export type EvidenceLimits = z.infer<typeof EvidenceLimits>

/** `evidence.json`: what a session did and decided, beside the patch, the reports and the matrix, which are files of their own. */
export const EvidenceRecord = z.strictObject({
  v: z.literal(1),
  session: SessionId,
  /** Name and version of what made it. */
  runner: z.string(),
  task: Asked,
  repository: z.strictObject({
    /** Of the remote recorded at the start; no credentials in it. */
    url: z.string().optional(),
    baseCommit: CommitId,
    folder: z.string().optional(),
    /** Uncommitted work was part of what was checked: it cannot be checked again from the commit. */
    includeUncommitted: z.boolean(),
  }),
  limits: EvidenceLimits,
  versions: z
    .strictObject({
      from: z.string(),
      to: z.string(),
      moves: z.array(Move),
      places: z.array(ResolvedPlace),
    })
    .optional(),
  /** What the update changed and why that broke something. */
  why: WhyItBroke.optional(),
  /** Text: `patch.diff`. */
  patch: PatchRef,
  /** Text: `update.diff`; missing where it is the patch itself, or nothing was updated. */
  update: PatchRef.optional(),
  /** Lock files that the patch changes: sha256 of their bytes before and after. */
  locks: z.array(z.strictObject({ path: z.string(), before: Sha256.optional(), after: Sha256.optional() })),
  /** Digests of the images that the runs took place in. */
  images: z.array(z.strictObject({ role: RunRole, digest: z.string() })),
  commands: z.array(z.strictObject({ name: z.string(), command: z.string() })),
  attempts: z.array(
    z.strictObject({
      attempt: z.int().positive(),
      model: z.string(),
      /** sha256 of the agent's templates. */
      promptHash: Sha256.optional(),
      turns: z.int().nonnegative(),
      end: AttemptEnd.nullable(),
    }),
  ),
  warnings: z.array(Warning.extend({ acknowledged: z.boolean() })),
  verdict: Verdict.nullable(),
  approval: z
    .strictObject({
      digest: Sha256,
      baseCommit: CommitId,
      withoutJudge: z.boolean(),
      by: z.string().optional(),
      at: z.iso.datetime(),
    })
    .nullable(),
  costUsd: z.number().nonnegative(),
})
export type EvidenceRecord = z.infer<typeof EvidenceRecord>

const Digest = z.strictObject({ sha256: Sha256 })
const Resource = z.strictObject({
  name: z.string(),
  uri: z.string().optional(),
  digest: z.record(z.string(), z.string()),
})

/**
 * `statement.json`: an in-toto Statement v1 (in-toto.io/Statement/v1) whose subjects are all the other files, with the
 * test-result predicate v0.1 of in-toto's attestation framework.
 */
export const EvidenceStatement = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.strictObject({ name: z.string(), digest: Digest })),
  predicateType: z.literal('https://in-toto.io/attestation/test-result/v0.1'),
  predicate: z.strictObject({
    result: z.enum(['PASSED', 'WARNED', 'FAILED']),
    configuration: z.array(Resource),
    passedTests: z.array(z.string()),
    warnedTests: z.array(z.string()),
    failedTests: z.array(z.string()),
  }),
})
export type EvidenceStatement = z.infer<typeof EvidenceStatement>

/** What became of one test or command when it was run again. */
export const Compared = z.strictObject({
  id: z.string(),
  was: z.string(),
  is: z.string(),
  /** It is known to fail and pass by turns, or to have another name in each run: no difference in earnest. */
  unsteady: z.boolean(),
})
export type Compared = z.infer<typeof Compared>

export const ComparedRun = z.strictObject({
  role: RunRole,
  same: z.int().nonnegative(),
  differing: z.array(Compared),
})
export type ComparedRun = z.infer<typeof ComparedRun>

/** What `drydock verify-evidence --json` prints. */
export const EvidenceCheck = z.strictObject({
  session: SessionId,
  /** sha256 of the statement, which names the bundle. */
  statement: Sha256,
  /** Null where nothing was run again. */
  same: z.boolean().nullable(),
  runs: z.array(ComparedRun),
  /** Labels of the matrix that came out otherwise. */
  labels: z.array(Compared),
  notes: z.array(z.string()),
})
export type EvidenceCheck = z.infer<typeof EvidenceCheck>
