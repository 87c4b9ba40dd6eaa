import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import type { Tree } from './project.ts'

const Step = z.looseObject({ with: z.record(z.string(), z.unknown()).optional() })
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

/**
 * What the project's GitHub workflows give a set-up step under `key`, such as `node-version`: those of the workflows
 * that test first, the others build pages and releases.
 */
export async function workflowVersions(tree: Tree, key: string): Promise<readonly CiVersions[]> {
  const paths = tree.paths.filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)).sort()
  const testing = paths.filter((path) =>
    /(^|[^a-z])(ci|tests?|build|check|node|maven|main)([^a-z]|$)/i.test(nameOf(path)),
  )
  const found: CiVersions[] = []
  for (const path of [...testing, ...paths.filter((other) => !testing.includes(other))])
    found.push({ path, versions: versionsOf(await readYaml(tree, path), key) })
  return found.filter(({ versions }) => versions.length > 0)
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

function versionsOf(document: unknown, key: string): readonly string[] {
  const workflow = Workflow.safeParse(document)
  if (!workflow.success) return []
  return Object.values(workflow.data.jobs).flatMap((one) => {
    const job = Job.safeParse(one)
    if (!job.success) return []
    const { steps = [], strategy } = job.data
    const env = { ...workflow.data.env, ...job.data.env }
    return steps.map((step) => step.with?.[key]).flatMap((value) => expand(value, strategy?.matrix, env))
  })
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
