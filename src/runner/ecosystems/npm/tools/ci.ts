import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import type { Tree } from '../../ecosystem.ts'
import type { Wish } from './versionFiles.ts'
import { newestLts, parseNodeWish } from './versions.ts'

const Step = z.looseObject({ with: z.record(z.string(), z.unknown()).optional() })
const Variables = z.record(z.string(), z.unknown()).optional()
const Job = z.looseObject({
  steps: z.array(Step).optional(),
  env: Variables,
  strategy: z.looseObject({ matrix: z.unknown() }).optional(),
})
const Workflow = z.looseObject({ env: Variables, jobs: z.record(z.string(), z.unknown()) })

/** The Node that the project's own CI tests with: of a matrix the newest that has long-term support. */
export async function ciWish(tree: Tree): Promise<Wish | undefined> {
  const paths = tree.paths.filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)).sort()
  // Where one of them tests, the others build pages and releases.
  const testing = paths.filter((path) =>
    /(^|[^a-z])(ci|tests?|build|check|node|main)([^a-z]|$)/i.test(nameOf(path)),
  )
  for (const path of [...testing, ...paths.filter((other) => !testing.includes(other))]) {
    const found = newest(githubVersions(await yaml(tree, path)))
    if (found !== undefined) return { text: found, source: path }
  }
  for (const [path, read] of others) {
    const found = newest(read(await yaml(tree, path)))
    if (found !== undefined) return { text: found, source: path }
  }
  return undefined
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '')
}

async function yaml(tree: Tree, path: string): Promise<unknown> {
  const bytes = await tree.read(path)
  if (bytes === undefined) return undefined
  try {
    return parseYaml(bytes.toString('utf8'), { maxAliasCount: 100 })
  } catch {
    return undefined
  }
}

function githubVersions(document: unknown): readonly string[] {
  const workflow = Workflow.safeParse(document)
  if (!workflow.success) return []
  return Object.values(workflow.data.jobs).flatMap((one) => {
    const job = Job.safeParse(one)
    if (!job.success) return []
    const { steps = [], strategy } = job.data
    const env = { ...workflow.data.env, ...job.data.env }
    return steps
      .map((step) => step.with?.['node-version'])
      .flatMap((value) => expand(value, strategy?.matrix, env))
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

function scalars(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(scalars)
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => (/version|node/i.test(key) ? scalars(inner) : []))
    : []
}

const Travis = z.looseObject({ node_js: z.unknown() })

/** Image names such as `cimg/node:20.1` and `node:18-alpine`, wherever they stand. */
function images(document: unknown): readonly string[] {
  if (typeof document === 'string') return /(?:^|\/)node:v?(\d[\w.]*)/.exec(document)?.slice(1, 2) ?? []
  if (typeof document !== 'object' || document === null) return []
  return Object.values(document).flatMap(images)
}

const others: readonly (readonly [string, (document: unknown) => readonly string[]])[] = [
  ['.travis.yml', (document) => scalars(Travis.safeParse(document).data?.node_js)],
  ['.circleci/config.yml', images],
  ['.gitlab-ci.yml', images],
]

/** Even majors have long-term support; where there is none of them, the newest there is. */
function newest(versions: readonly string[]): string | undefined {
  const majors = versions.flatMap((text) => {
    const wish = parseNodeWish(text)
    return wish !== undefined && 'major' in wish && !/^(node|latest|current|stable)$/i.test(text)
      ? wish.major
      : []
  })
  const lts = majors.filter((major) => major % 2 === 0 && major <= newestLts)
  const pool = lts.length > 0 ? lts : majors
  return pool.length === 0
    ? versions.find((text) => parseNodeWish(text) !== undefined)
    : String(Math.max(...pool))
}
