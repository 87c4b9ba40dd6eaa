import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import type { Tree } from './project.ts'

const Step = z.looseObject({
  run: z.unknown().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
})
const Variables = z.record(z.string(), z.unknown()).optional()
const Job = z.looseObject({
  steps: z.array(Step).optional(),
  env: Variables,
  strategy: z.looseObject({ matrix: z.unknown() }).optional(),
})
const Workflow = z.looseObject({ env: Variables, jobs: z.record(z.string(), z.unknown()) })

/** Versions that one file of a project's CI names. */
export interface CiVersions {
  readonly path: string
  readonly versions: readonly string[]
}

/** A command that runs tests, in a step or as what an action is given to run. `npm ci` only installs. */
const testing =
  /(?<![\w-])(?:npm t|tests?|test[:_-][\w:-]+|[\w-]+:tests?|cover(?:age)?|spec|verify|run (?:ci|check|all|validate)|mocha|jest|vitest|ava|tap|tape|karma|jasmine|nyc|c8|cypress|playwright|mvnw?)(?![\w-])/
/** Names of the workflow that tests, and of those that do not although a word of such a name is in theirs. */
const usual =
  /(^|[^a-z])(ci|tests?|testing|build|node(\.?js)?|npm|maven|java|main|push|pr|pull[-_]?requests?)([^a-z]|$)|^checks?$/i
const aside =
  /(^|[^a-z])(docs?|documentation|pages|site|release|publish|deploy|links?|markdown|lint|spell\w*|codeql|benchmarks?)([^a-z]|$)/i

/**
 * What the project's GitHub workflows give a set-up step under `key`, such as `node-version`, in the jobs that run tests;
 * where nobody can tell which these are, in the workflows that are named so. Others look after pages, links and
 * releases, on whatever is at hand, and say nothing of the project.
 */
export async function workflowVersions(tree: Tree, key: string): Promise<readonly CiVersions[]> {
  const all = tree.paths.filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)).sort()
  const named = all.filter((path) => isUsual(nameOf(path)))
  const paths = [...named, ...all.filter((path) => !named.includes(path))]
  const jobs = await Promise.all(
    paths.map(async (path) => ({ path, jobs: jobsOf(await readYaml(tree, path), key) })),
  )
  const versionsWhere = (counts: (job: JobVersions, path: string) => boolean): readonly CiVersions[] =>
    jobs
      .map(({ path, jobs }) => {
        const counting = jobs.filter((job) => counts(job, path))
        return { path, versions: counting.flatMap(({ versions }) => versions) }
      })
      .filter(({ versions }) => versions.length > 0)
  const tested = versionsWhere(({ tests }) => tests)
  return tested.length > 0 ? tested : versionsWhere((_, path) => named.includes(path))
}

function isUsual(name: string): boolean {
  return usual.test(name) && !aside.test(name)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '')
}

/** Undefined where there is no such file, or none that can be read. */
export async function readYaml(tree: Tree, path: string): Promise<unknown> {
  const bytes = await tree.read(path)
  if (bytes === undefined) return undefined
  try {
    return parseYaml(bytes.toString('utf8'), { maxAliasCount: 100 })
  } catch {
    return undefined
  }
}

interface JobVersions {
  readonly versions: readonly string[]
  readonly tests: boolean
}

function jobsOf(document: unknown, key: string): readonly JobVersions[] {
  const workflow = Workflow.safeParse(document)
  if (!workflow.success) return []
  return Object.values(workflow.data.jobs).flatMap((one) => {
    const job = Job.safeParse(one)
    if (!job.success) return []
    const { steps = [], strategy } = job.data
    const env = { ...workflow.data.env, ...job.data.env }
    const versions = steps
      .map((step) => step.with?.[key])
      .flatMap((value) => expand(value, strategy?.matrix, env))
    return [{ versions, tests: steps.some(runsTests) }]
  })
}

function runsTests(step: z.infer<typeof Step>): boolean {
  const commands = [step.run, ...Object.values(step.with ?? {})]
  return commands.some((text) => typeof text === 'string' && testing.test(text))
}

/** `${{ matrix.node }}` is every value of that axis, and of the combinations that are included. */
function expand(value: unknown, matrix: unknown, env: Readonly<Record<string, unknown>>): readonly string[] {
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'string') return []
  const [, scope, name = ''] = /\$\{\{\s*(matrix|env)\.([\w.-]+)\s*\}\}/.exec(value) ?? []
  if (scope === undefined) return [value]
  if (scope === 'env') return scalars(env[name])
  const key = name.split('.')[0] ?? ''
  const axes = record(matrix)
  const included = Array.isArray(axes.include) ? axes.include : []
  return [axes[key], ...included.map((one) => record(one)[key])].flatMap(scalars)
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

export function scalars(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(scalars)
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        /version|node|java|jdk/i.test(key) ? scalars(inner) : [],
      )
    : []
}
