import { z } from 'zod'
import { Sha256 } from './patch.ts'

/**
 * Kinds of failure a log is abstracted to. The first six are those of the BUMP data set of Maven builds
 * (Reyes et al., 2024), where style checkers count as `ENFORCER_FAILURE`.
 */
export const SummaryCategory = z.enum([
  'COMPILATION_FAILURE',
  'TEST_FAILURE',
  'WERROR_FAILURE',
  'ENFORCER_FAILURE',
  'DEPENDENCY_LOCK_FAILURE',
  'DEPENDENCY_RESOLUTION_FAILURE',
  'LINT',
  'INSTALL',
  'RUNTIME',
  'UNKNOWN',
])
export type SummaryCategory = z.infer<typeof SummaryCategory>

export const SummaryFailure = z.strictObject({
  file: z.string().optional(),
  /** 1-based. */
  line: z.int().positive().optional(),
  column: z.int().positive().optional(),
  test: z.string().optional(),
  artifact: z.string().optional(),
  rule: z.string().optional(),
  message: z.string(),
})
export type SummaryFailure = z.infer<typeof SummaryFailure>

/** A log abstracted for an agent and a person; `text` has at most 6,000 characters. */
export const Summary = z.strictObject({
  category: SummaryCategory,
  failures: z.array(SummaryFailure),
  text: z.string(),
})
export type Summary = z.infer<typeof Summary>

export const StepName = z.enum(['install', 'build', 'test', 'lint'])
export type StepName = z.infer<typeof StepName>

/** Tests as a runner's own summary counts them, where they have no names. */
export const TestCounts = z.strictObject({
  passed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
})
export type TestCounts = z.infer<typeof TestCounts>

export const Step = z.strictObject({
  name: StepName,
  /** The command as a person would type it. */
  command: z.string(),
  /** No script of the project names this check: it was derived, such as `tsc --noEmit`. */
  derived: z.literal(true).optional(),
  /** It reads the project's own files and nothing else: no update can ever turn it red, so it proves none. */
  syntaxOnly: z.literal(true).optional(),
  /** The command that ended early and that this was run beside, to see what it hides: it fails for itself. */
  beside: z.string().optional(),
  counts: TestCounts.optional(),
  /** From the engine; null where the step was ended by a time-out or a signal. */
  exitCode: z.int().nullable(),
  timedOut: z.boolean(),
  outOfMemory: z.boolean(),
  durationMs: z.number().nonnegative(),
  /** Whole captured output (bounded), an artifact. */
  log: Sha256,
  /** The output was longer than the limit and was cut. */
  truncated: z.boolean(),
  /** Present where the step failed. */
  summary: Summary.optional(),
})
export type Step = z.infer<typeof Step>

export const TestOutcome = z.enum(['passed', 'failed', 'skipped', 'todo'])
export type TestOutcome = z.infer<typeof TestOutcome>

/** What an assertion compared, where it failed and said so; each value bounded, strings as they are. */
export const Compared = z.strictObject({ expected: z.string().optional(), actual: z.string().optional() })
export type Compared = z.infer<typeof Compared>

export const TestResult = z.strictObject({
  /** Stable name: `file › suite › title`; file relative to the repository's root where known. */
  id: z.string(),
  file: z.string().optional(),
  outcome: TestOutcome,
  durationMs: z.number().nonnegative(),
  /** First lines of the failure. */
  message: z.string().optional(),
  /** The failure is an assertion that did not hold, not an error on the way. */
  compared: Compared.optional(),
})
export type TestResult = z.infer<typeof TestResult>

/** Which of the runs a report belongs to; `advisory` is the agent's own Verify call. */
export const RunRole = z.enum(['base', 'update', 'repair', 'overlay', 'advisory', 'dropped'])
export type RunRole = z.infer<typeof RunRole>

/**
 * What a stage is about: a run, or a question whose runs make no report: which parts of a change are needed, and which
 * lines the checks run.
 */
export const StageRole = z.enum([...RunRole.options, 'minimise', 'reach'])
export type StageRole = z.infer<typeof StageRole>

/** What `verify` saw. A report states facts; what they mean is the matrix's business. */
export const Report = z.strictObject({
  role: RunRole,
  steps: z.array(Step),
  tests: z.array(TestResult),
  /** False where no structured reporter answered: only exit codes count then. */
  testsNamed: z.boolean(),
  /** Parts whose tests ran without names: folders of workspaces, or runners. */
  unnamed: z.array(z.string()).optional(),
  /** Version of the tool chain and what decided it: `Node 20 (.nvmrc)`. */
  toolchain: z.string().optional(),
  /** Content digest of the image that it ran in. */
  image: z.string().optional(),
  /** Commands that failed as a whole on the base: their parts were run on their own instead. */
  split: z.array(z.string()).optional(),
  /** When the clock of the tests was set to, UTC, where they fail with today's. */
  clock: z.string().optional(),
  /** Tests and commands that failed in one of two runs of this tree and passed in the other: here they passed. */
  flaky: z.array(z.string()).optional(),
  /** Steps in scope all exited 0. */
  ok: z.boolean(),
  /** The run could not be made (install failed, workspace full); a report of its own kind. */
  setupError: z.string().optional(),
  notes: z.array(z.string()),
})
export type Report = z.infer<typeof Report>

export const Label = z.enum([
  'passing',
  'already failing',
  'broken',
  'repaired',
  'regressed',
  'flaky',
  'new',
  'removed',
  'not run',
])
export type Label = z.infer<typeof Label>

/** No test of any label. */
export const noTests: Readonly<Record<Label, number>> = Object.freeze(
  Object.fromEntries(Label.options.map((label) => [label, 0])) as Record<Label, number>,
)

export const MatrixTest = z.strictObject({
  id: z.string(),
  label: Label,
  base: TestOutcome.optional(),
  update: TestOutcome.optional(),
  repair: TestOutcome.optional(),
})
export type MatrixTest = z.infer<typeof MatrixTest>

/** One command in the runs that made it; whether it exited 0. */
export const MatrixStep = z.strictObject({
  name: StepName,
  command: z.string().optional(),
  derived: z.literal(true).optional(),
  /** As for tests: what became of what the base says. */
  label: Label.optional(),
  base: z.boolean().optional(),
  update: z.boolean().optional(),
  repair: z.boolean().optional(),
})
export type MatrixStep = z.infer<typeof MatrixStep>

/**
 * What a session rests on. `tests`: a named or counted test that passed on the base ran again; `steps`: only commands
 * that passed there did; `none`: nothing that passed was measured again.
 */
export const Proof = z.enum(['tests', 'steps', 'none'])
export type Proof = z.infer<typeof Proof>

/** The three-run matrix, folded to one label a test and a command. */
export const Matrix = z.strictObject({
  counts: z.record(Label, z.int().nonnegative()),
  /** Every test whose label is not `passing`; the passing ones are only counted. */
  tests: z.array(MatrixTest),
  steps: z.array(MatrixStep),
  /** Nothing that was measured on the base is worse in the last run. */
  green: z.boolean(),
  /** False where nothing can be concluded, for the reasons listed. */
  verified: z.boolean(),
  /** What keeps it from being verified or green. */
  reasons: z.array(z.string()),
  proof: Proof.optional(),
  /** What was green and is red, or red in another way than on the base; empty where nothing broke. */
  breaks: z.array(z.string()).optional(),
  /** In phrases for a person: what the checks show, and what they cannot. */
  proven: z.array(z.string()).optional(),
  notProven: z.array(z.string()).optional(),
  /** Tests of the base whose names differ from run to run. */
  unstable: z.array(z.string()).optional(),
})
export type Matrix = z.infer<typeof Matrix>
