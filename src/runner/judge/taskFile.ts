import { z } from 'zod'
import { ecosystemOf } from '../../contract/ecosystems/index.ts'
import type { Patch } from '../../contract/patch.ts'
import { Matrix, noTests } from '../../contract/report.ts'
import { Settings } from '../../contract/settings.ts'
import { Ecosystem, Task } from '../../contract/task.ts'
import { Warning } from '../../contract/verdict.ts'
import { Evidence } from './evidence.ts'
import type { Case } from './request.ts'

/** Takes what a schema knows of an object: a printed session says more of its matrix and its warnings. */
function knownPart<T extends z.ZodObject>(schema: T): z.ZodType<z.output<T>> {
  return z.looseObject({}).transform((value, context) => {
    const part = Object.fromEntries(Object.entries(value).filter(([key]) => key in schema.shape))
    const parsed = schema.safeParse(part)
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) })
    return z.NEVER
  })
}

const known = {
  matrix: knownPart(Matrix).optional(),
  warnings: z.array(knownPart(Warning)).optional(),
  /** What the author says of the change. */
  account: z.string().optional(),
  evidence: Evidence.optional(),
}

/** A task in a few words, for judging a patch outside of a session. */
const SmallTask = z.discriminatedUnion('kind', [
  z.strictObject({
    ...known,
    kind: z.literal('dependency-update'),
    ecosystem: Ecosystem.optional(),
    package: z.string().min(1),
    from: z.string().optional(),
    to: z.string().min(1),
  }),
  z.strictObject({
    ...known,
    kind: z.enum(['refactor', 'migration']),
    title: z.string().min(1),
    prompt: z.string().min(1),
  }),
])

const WholeTask = z.looseObject({ v: z.literal(1), id: z.string() })
const Known = z.looseObject(known)

/** Taken where a task file says nothing of the checks: a judge is only asked about what passed them. */
const passed: Matrix = {
  counts: { ...noTests },
  tests: [],
  steps: [],
  green: true,
  verified: true,
  reasons: ['Build, tests and lint pass as before.'],
}

function wholeTask(small: z.infer<typeof SmallTask>, baseCommit: string): Task {
  const common = {
    v: 1 as const,
    id: '00000000-000000-000000',
    repository: { root: '/', baseCommit, includeUncommitted: false },
    settings: Settings.parse({}),
  }
  if (small.kind !== 'dependency-update') {
    const { kind, title, prompt } = small
    return { ...common, kind, title, prompt }
  }
  const { kind, ecosystem, package: name, from, to } = small
  // The old version tells the judge how far the update goes.
  const requested = from === undefined ? to : `${to} (from ${from})`
  return { ...common, kind, ecosystem: ecosystem ?? ecosystemOf(name), package: name, requested }
}

/**
 * A task file, whole or small, as a case for the judge. Throws `ZodError` where it is neither. Warnings that it does
 * not give are `rules`'.
 */
export function readTaskFile(
  json: unknown,
  patch: Patch,
  rules: (patch: Patch, task: Task) => readonly Warning[],
): Case {
  if (WholeTask.safeParse(json).success) {
    const { matrix, warnings, account, evidence, ...rest } = Known.parse(json)
    const task = Task.parse(rest)
    const given = { task, patch, matrix: matrix ?? passed, warnings: warnings ?? rules(patch, task) }
    return { ...given, ...besides(account, evidence) }
  }
  const small = SmallTask.parse(json)
  const task = wholeTask(small, patch.baseCommit)
  const given = {
    task,
    patch,
    matrix: small.matrix ?? passed,
    warnings: small.warnings ?? rules(patch, task),
  }
  return { ...given, ...besides(small.account, small.evidence) }
}

function besides(
  account: string | undefined,
  evidence: Evidence | undefined,
): Pick<Case, 'accounts' | 'evidence'> {
  return {
    ...(account === undefined ? {} : { accounts: [{ attempt: 1, text: account }] }),
    ...(evidence === undefined ? {} : { evidence }),
  }
}
