import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Account } from '../../contract/account.ts'
import type { Patch, PatchFile } from '../../contract/patch.ts'
import type { Matrix } from '../../contract/report.ts'
import { type Task, taskTitle } from '../../contract/task.ts'
import type { Warning } from '../../contract/verdict.ts'
import { renderPrompt } from '../prompt/render.ts'
import { type Evidence, evidenceText } from './evidence.ts'

/** Templates of the judge: the rubric, and the request that carries the data. */
export interface JudgePrompts {
  readonly system: string
  readonly request: string
}

/** Reads `prompts/judge` beneath the folder of all prompts. */
export async function loadJudgePrompts(folder: string): Promise<JudgePrompts> {
  const read = (name: string) => readFile(path.join(folder, 'judge', name), 'utf8')
  const [system, request] = await Promise.all([read('system.md'), read('request.md')])
  return { system, request }
}

export function promptHash(prompts: JudgePrompts, schema: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([prompts.system, prompts.request, schema]))
    .digest('hex')
}

export interface Case {
  readonly task: Task
  readonly patch: Patch
  readonly matrix: Matrix
  readonly warnings: readonly Warning[]
  /** What the author says of it: claims. */
  readonly accounts?: readonly Account[]
  readonly evidence?: Evidence
}

const limits = { patchChars: 120_000, tests: 60, warnings: 60, files: 300, accounts: 5 } as const

function some<T>(items: readonly T[], limit: number, line: (item: T) => string): string {
  if (items.length === 0) return '(none)'
  const lines = items.slice(0, limit).map(line)
  return [...lines, ...(items.length > limit ? [`… and ${items.length - limit} more`] : [])].join('\n')
}

function describeTask(task: Task): string {
  if (task.kind !== 'dependency-update') return `${taskTitle(task)}\n\n${task.prompt}`
  return `update the dependency ${task.package} to ${task.requested}, so that the project builds and its tests pass as before.`
}

function describeMatrix(matrix: Matrix): string {
  const counts = Object.entries(matrix.counts).filter(([, count]) => count > 0)
  const labels = counts.map(([label, count]) => `${count} ${label}`).join(', ') || 'no test by name'
  const steps = matrix.steps.map((step) => {
    const runs = (['base', 'update', 'repair'] as const).filter((run) => step[run] !== undefined)
    const which = step.command === undefined ? step.name : `${step.name} (${step.command})`
    return `${which}: ${runs.map((run) => `${run} ${step[run] ? 'passed' : 'failed'}`).join(', ')}`
  })
  const verdict = matrix.green ? 'green' : matrix.verified ? 'red' : 'not verified'
  const tests = some(matrix.tests, limits.tests, ({ id, label }) => `${label}: ${id}`)
  const proof = [
    ...(matrix.proven ?? []).map((one) => `Shown: ${one}`),
    ...(matrix.notProven ?? []).map((one) => `Not shown: ${one}`),
  ]
  return [
    `Result: ${verdict}. ${matrix.reasons.join(' ')}`,
    ...proof,
    ...steps,
    `Tests: ${labels}`,
    tests,
  ].join('\n')
}

/** The patch split into its files' parts; a part's header starts a line, which no line of a hunk does. */
function parts(text: string): string[] {
  return text.split(/^(?=diff --git )/m).filter((part) => part.trim() !== '')
}

function cut(part: string, limit: number): string {
  if (part.length <= limit) return part
  const end = part.lastIndexOf('\n', limit)
  const shown = part.slice(0, end > 0 ? end : limit)
  const hidden = part.slice(shown.length).split('\n').length - 1
  return `${shown}\n[${hidden} further lines of this file are not shown]\n`
}

function summarised(file: PatchFile | undefined): string | undefined {
  if (file === undefined || (file.role !== 'lockfile' && !file.binary)) return undefined
  const what = file.binary ? 'binary file' : 'lock file, compared with the manifests by a program'
  return `[${file.path}: ${what}, ${file.status}, +${file.additions} -${file.deletions}]\n`
}

/** The patch as the judge sees it: lock files and binaries in one line, long files cut. */
export function presentPatch(patch: Patch): { readonly text: string; readonly complete: boolean } {
  const all = parts(patch.text)
  const aligned = all.length === patch.files.length
  const shown = all.map((part, index) => (aligned ? summarised(patch.files[index]) : undefined) ?? part)
  const total = shown.reduce((sum, part) => sum + part.length, 0)
  if (total <= limits.patchChars) return { text: shown.join(''), complete: true }
  const small = shown.filter((part) => part.length <= limits.patchChars / shown.length)
  const rest = limits.patchChars - small.reduce((sum, part) => sum + part.length, 0)
  const share = Math.floor(rest / Math.max(1, shown.length - small.length))
  return { text: shown.map((part) => cut(part, Math.max(share, 200))).join(''), complete: false }
}

function describeFile({ status, path: name, additions, deletions, role }: PatchFile): string {
  return `${status} ${JSON.stringify(name)} +${additions} -${deletions} (${role})`
}

function describeAccount({ attempt, text }: Account): string {
  return `Attempt ${attempt}: ${text}`
}

/** The user message. Its marker is random and occurs in none of the data, which therefore cannot end its own part. */
export function judgeRequest(prompts: JudgePrompts, given: Case): string {
  const data = {
    task: describeTask(given.task),
    matrix: describeMatrix(given.matrix),
    warnings: some(given.warnings, limits.warnings, (one) => `${one.severity} ${one.code}: ${one.message}`),
    files: some(given.patch.files, limits.files, describeFile),
    account: some((given.accounts ?? []).slice(-limits.accounts), limits.accounts, describeAccount),
    patch: presentPatch(given.patch).text,
  }
  const evidence = given.evidence ?? {}
  const all = [...Object.values(data), ...Object.values(evidence)]
  let boundary = randomBytes(16).toString('hex')
  while (all.some((text) => text?.includes(boundary))) boundary = randomBytes(16).toString('hex')
  return renderPrompt(prompts.request, { ...data, evidence: evidenceText(evidence, boundary), boundary })
}
