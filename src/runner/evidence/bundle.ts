import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { EvidenceRecord, EvidenceStatement } from '../../contract/evidence.ts'
import { tryJson } from '../../contract/json.ts'
import { Matrix, Report } from '../../contract/report.ts'
import { readPatch } from '../patch/read.ts'
import { statementOf } from './statement.ts'
import { type Bundle, type BundledRole, type BundleFiles, bundledRoles } from './value.ts'

export const statementName = 'statement.json'
const reportName = (role: BundledRole): string => `reports/${role}.json`

/** Every name that a bundle may have. */
export const bundleNames: ReadonlySet<string> = new Set([
  ...['README.md', 'evidence.json', 'matrix.json', 'patch.diff', 'update.diff', statementName],
  ...bundledRoles.map(reportName),
])

/** One text for one value: keys in their own order. */
function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, (_, inner: unknown) => inOrder(inner), 2)}\n`)
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const readme = (id: string, hasUpdate: boolean): string => `# Evidence of a Drydock session

What session ${id} was asked, what it changed, and what each of its runs came to, command by command and test by test.

- \`statement.json\`: an in-toto statement with the sha256 of every other file
- \`evidence.json\`: task, base commit, versions, lock files, images, commands, agent, judge, warnings, approval
- ${hasUpdate ? '`patch.diff`, `update.diff`: the change, and what of it the package manager made' : '`patch.diff`: the change'}
- \`reports/\`, \`matrix.json\`: the runs, and what they come to together

\`drydock verify-evidence DIR --repo REPOSITORY\` compares every byte with the statement, applies the patch to the base
commit in a sandbox, runs the same commands and says which tests come out the same. What the agent and the judge said is
not asked again.
`

/** All files of a bundle, the statement last. `names`: whether its README names the update's own diff. */
export function filesOf(bundle: Bundle, names = bundle.update !== undefined): BundleFiles {
  const { record, patch, update, reports, matrix } = bundle
  const roles = bundledRoles.filter((role) => reports[role] !== undefined)
  const files = new Map<string, Buffer>([
    ['README.md', Buffer.from(readme(record.session, names))],
    ['evidence.json', json(record)],
    ['patch.diff', Buffer.from(patch)],
    ...(update === undefined ? [] : ([['update.diff', Buffer.from(update)]] as const)),
    ['matrix.json', json(matrix)],
    ...roles.map((role) => [reportName(role), json(reports[role])] as const),
  ])
  const digests = new Map([...files].map(([name, bytes]) => [name, sha256(bytes)]))
  return files.set(statementName, json(statementOf(bundle, digests)))
}

/** Why files are no bundle, in words for `badEvidence`. */
export class NoBundle extends Error {}

/**
 * The bundle that files hold. It is written once more and compared byte by byte, so that whatever was changed is found,
 * in the statement as well. Throws `NoBundle`.
 */
export function bundleOf(files: BundleFiles): Bundle {
  const read = <T>(name: string, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(tryJson(text(files, name)))
    if (!parsed.success) throw new NoBundle(`${name} is not what it has to be`)
    return parsed.data
  }
  requireDigests(files, read(statementName, EvidenceStatement))
  const record = read('evidence.json', EvidenceRecord)
  const found = bundledRoles.filter((role) => files.has(reportName(role)))
  const bundle: Bundle = {
    record,
    patch: text(files, 'patch.diff'),
    ...(files.has('update.diff') ? { update: text(files, 'update.diff') } : {}),
    reports: Object.fromEntries(found.map((role) => [role, read(reportName(role), Report)])),
    matrix: read('matrix.json', Matrix),
  }
  const odd = oddIn(files, filesOf(bundle))
  // Older ones name the update's diff in their README whether there is one or not.
  if (odd !== undefined && oddIn(files, filesOf(bundle, true)) !== undefined)
    throw new NoBundle(`${odd} was changed after it was written`)
  requireWhole(bundle)
  return bundle
}

/** The first file that is not as it would be written. */
function oddIn(files: BundleFiles, again: BundleFiles): string | undefined {
  return (
    [...files.keys()].find((name) => !again.has(name)) ??
    [...again].find(([name, bytes]) => files.get(name)?.equals(bytes) !== true)?.[0]
  )
}

/** Named by the file at fault; that the statement itself is whole is told by writing it once more. */
function requireDigests(files: BundleFiles, { subject }: EvidenceStatement): void {
  for (const { name, digest } of subject) {
    const bytes = files.get(name)
    if (bytes === undefined) throw new NoBundle(`${name} is missing`)
    if (sha256(bytes) !== digest.sha256) throw new NoBundle(`${name} is not what the statement says`)
  }
}

function text(files: BundleFiles, name: string): string {
  const bytes = files.get(name)
  if (bytes === undefined) throw new NoBundle(`${name} is missing`)
  return bytes.toString('utf8')
}

/** What the parts say of each other. */
function requireWhole({ record, patch, update, reports }: Bundle): void {
  const { baseCommit } = record.repository
  for (const [name, said, is] of [
    ['patch.diff', record.patch, patch],
    ['update.diff', record.update, update],
  ] as const) {
    if (said?.digest !== (is === undefined ? undefined : sha256(is)))
      throw new NoBundle(`${name} is not the one that evidence.json names`)
    if (said !== undefined && said.baseCommit !== baseCommit)
      throw new NoBundle(`${name} is a change of another commit`)
    if (is !== undefined) readPatch(is, baseCommit)
  }
  for (const role of bundledRoles)
    if (reports[role] !== undefined && reports[role].role !== role)
      throw new NoBundle(`${reportName(role)} is the report of another run`)
  if (reports.base === undefined) throw new NoBundle('the base has no report')
  if (lastRole({ reports }) === 'base') throw new NoBundle('the change has no report')
}

/** The run that a session is judged by. */
export function lastRole({ reports }: Pick<Bundle, 'reports'>): 'dropped' | 'repair' | 'update' | 'base' {
  return (['dropped', 'repair', 'update'] as const).find((role) => reports[role] !== undefined) ?? 'base'
}
