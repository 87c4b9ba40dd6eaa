import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from '../../contract/account.ts'
import { type Ecosystem, ecosystems } from '../../contract/ecosystems/index.ts'
import type { AttemptEnd, Move } from '../../contract/events.ts'
import type { Matrix, Report, Step } from '../../contract/report.ts'
import { type Task, taskTitle } from '../../contract/task.ts'
import { bounded, neutralise } from '../../contract/text.ts'
import type { Release } from '../ecosystems/release/release.ts'
import { renderPrompt } from '../prompt/render.ts'
import type { CallSites } from './callSites.ts'
import { apiTexts } from './context/apiText.ts'
import { releaseAddress } from './context/documents.ts'
import { notesText } from './context/notesText.ts'
import { failedBefore } from './failedBefore.ts'
import { failureTexts } from './failureTexts.ts'

/** The templates of `prompts/agent`. */
export interface AgentPrompts {
  readonly system: string
  readonly update: string
  readonly change: string
  readonly feedback: string
  /** Of the system prompt, what one ecosystem has and another has not. */
  readonly kinds: Readonly<Record<Ecosystem, string>>
}

export async function loadAgentPrompts(folder: string): Promise<AgentPrompts> {
  const read = (name: string) => readFile(join(folder, 'agent', `${name}.md`), 'utf8')
  const [system = '', update = '', change = '', feedback = ''] = await Promise.all(
    ['system', 'update', 'change', 'feedback'].map(read),
  )
  const kinds = await Promise.all(
    ecosystems.map(async ({ id }) => [
      id,
      await readFile(join(folder, 'ecosystems', id, 'agent.md'), 'utf8'),
    ]),
  )
  return { system, update, change, feedback, kinds: Object.fromEntries(kinds) as AgentPrompts['kinds'] }
}

/** What an attempt depends on besides its task: the templates that its ecosystem uses. */
export function agentPromptHash({ kinds, ...prompts }: AgentPrompts, ecosystem: Ecosystem): string {
  const templates = [prompts.system, prompts.update, prompts.change, prompts.feedback, kinds[ecosystem]]
  return createHash('sha256').update(JSON.stringify(templates)).digest('hex')
}

/** Of the templates of every ecosystem. */
export function agentPromptsHash(prompts: AgentPrompts): string {
  return createHash('sha256').update(JSON.stringify(prompts)).digest('hex')
}

/** The system prompt of a task in one ecosystem; it speaks of no other's files. */
export function systemPrompt({ system, kinds }: AgentPrompts, ecosystem: Ecosystem): string {
  const sections = kinds[ecosystem].split(/^## (\w+)\n/m).slice(1)
  const parts = sections.flatMap((name, at) =>
    at % 2 === 0 ? [[name, (sections[at + 1] ?? '').trim()] as const] : [],
  )
  return renderPrompt(system, Object.fromEntries(parts))
}

/** How an earlier attempt ended, for the next one. */
export interface Feedback {
  readonly attempt: number
  /** `reviewed`: it was done, and a reviewer or the judge sent it back; `codemod`: no attempt, a repair from elsewhere. */
  readonly end: AttemptEnd | 'reviewed' | 'codemod'
  /** The final check of that attempt's patch, where there was one. */
  readonly report?: Report
  readonly matrix?: Matrix
  /** More words, such as the judge's or the patch policy's. */
  readonly detail?: string
  /** What every attempt so far said at its end. */
  readonly accounts?: readonly Account[]
  /** What lies in the work tree of it. */
  readonly left?: LeftChange
}

/** Paths that differ from the task's start; `added` are those of `written` that are new. */
export interface LeftChange {
  readonly written: readonly string[]
  readonly added: readonly string[]
  readonly deleted: readonly string[]
}

export interface PromptInput {
  readonly task: Task
  /** What the package manager did, for an update. */
  readonly update?: { readonly from: string; readonly to: string; readonly moves: readonly Move[] }
  /** What the updated one, being a parent or the like, decides on and failures name. */
  readonly decided?: readonly Move[]
  /** The check that fails with the update and nothing else. */
  readonly report?: Report
  /** What that check broke, and what failed before. */
  readonly matrix?: Matrix
  /** The check without the update. */
  readonly base?: Report
  readonly callSites: CallSites
  /** What the package says of the new version, where it could be read. */
  readonly release?: Release
  readonly feedback?: Feedback
}

/** Most characters of each part, so that the first request stays small. */
const room = {
  failures: 4_000,
  callSites: 3_000,
  importers: 12,
  api: 2_000,
  notes: 1_200,
  moves: 800,
  feedback: 5_000,
  left: 1_500,
  account: 2_000,
  accounts: 3,
} as const

function failuresOf(report: Report | undefined, matrix?: Matrix, base?: Report): string {
  if (report === undefined) return 'Nothing is known yet; Verify tells.'
  if (report.setupError !== undefined) return `The check could not be made: ${report.setupError}`
  const old = new Set(
    (matrix?.steps ?? []).filter(({ label }) => label === 'already failing').map(({ command }) => command),
  )
  const failed = report.steps.filter((step) => step.exitCode !== 0)
  const fresh = failed.filter(({ command }) => !old.has(command))
  const texts = failureTexts(fresh)
  const parts = [
    ...(matrix?.breaks?.length ? [matrix.breaks.map((line) => `- ${line}`).join('\n')] : []),
    ...fresh.map((step, at) => stepText(step, texts[at] ?? '', failedBefore(step, base))),
    ...failed.filter(({ command }) => old.has(command)).map(knownText),
  ]
  return parts.length === 0 ? 'Every check passes as it is.' : parts.join('\n\n')
}

function stepText({ name, command, exitCode, timedOut }: Step, told: string, before: string): string {
  const end = timedOut ? 'It did not end in time.' : `It ended with ${exitCode ?? 'a signal'}.`
  // First, so that it is not what is cut off.
  const known = before === '' ? '' : `${before}\n\nWith the update it says:\n`
  return `### ${name}: \`${command}\`\n${known}${told || end}`
}

function knownText({ name, command }: Step): string {
  return `### ${name}: \`${command}\`\nIt fails in the same way without the update: leave that as it is.`
}

/** Lines below their file, and what is not shown. */
function callSitesText({ sites, more, cut, importers }: CallSites): string {
  const files = new Map<string, string[]>()
  for (const { path, line, text } of sites)
    files.set(path, [...(files.get(path) ?? []), `  ${line}: ${text}`])
  const parts = [
    ...[...files].map(([path, lines]) => [path, ...lines].join('\n')),
    ...(more > 0
      ? [
          more === 1
            ? '1 more line that uses it is not shown.'
            : `${more} more lines that use it are not shown.`,
        ]
      : []),
    ...(cut.length > 0 ? [`Used as well, in lines that are not shown: ${someOf(cut)}`] : []),
    ...(importers.length > 0
      ? [`Imported as well, with nothing there that is known to change: ${someOf(importers)}`]
      : []),
  ]
  return parts.length === 0 ? 'No use of it was found.' : parts.join('\n')
}

function someOf(paths: readonly string[]): string {
  const rest = paths.length > room.importers ? ` and ${paths.length - room.importers} more` : ''
  return `${paths.slice(0, room.importers).join(', ')}${rest}`
}

/** What the project meets of the new version, what its changelog says of that, and how to read the rest. */
function releaseText({ release, callSites, update }: PromptInput): string {
  if (release === undefined || update === undefined) return ''
  const { used, others } = apiTexts(release, callSites.sites, room.api)
  const words = callSites.sites.flatMap(({ uses = [] }) => uses)
  const notes = notesText(release.notes, update.to, room.notes, [...new Set(words)])
  const more = [
    ...(release.changes.length > 0
      ? [`\`${releaseAddress.interface}?name=NAME\` (what changed of a name)`]
      : []),
    ...(release.notes.length > 0 ? [`\`${releaseAddress.changelog}\``] : []),
  ]
  const parts = [
    ['## What changed in its interface', used],
    ['## From its changelog', notes],
    [
      '## More of it',
      [others, more.length === 0 ? '' : `\`Read\` gives the rest: ${more.join(', ')}.`]
        .filter((part) => part !== '')
        .join('\n\n'),
    ],
  ]
  return parts
    .filter(([, text]) => text !== '')
    .map(([heading, text = '']) => `${heading}\n\n${neutralise(text)}\n`)
    .join('\n')
}

function movesText(moves: readonly Move[]): string {
  const lines = moves.map(({ name, from = 'none', to = 'none', reason }) => {
    return `- ${name}: ${from} → ${to}${reason === undefined ? '' : ` (${reason})`}`
  })
  return lines.length === 0 ? '- nothing else' : lines.join('\n')
}

const ends: Readonly<Record<Feedback['end'], string>> = {
  done: 'It said it was done, but the final check did not pass.',
  'turn-limit': 'It ran out of turns before it was done. Be economical: look at less, change sooner.',
  budget: 'It ran out of budget.',
  'model-error': 'The model gave no answer.',
  'agent-error': 'It broke off.',
  cancelled: 'It was cancelled.',
  'cannot-repair': 'It gave up.',
  reviewed: 'It was reviewed and sent back for these reasons.',
  codemod:
    'The repair of the same update in another repository was made here by a program, without looking. It did not mend everything, and some of it may not belong here.',
}

function text(value: string, max: number): string {
  return bounded(neutralise(value), max)
}

function feedbackText(template: string, feedback: Feedback | undefined, base: Report | undefined): string {
  if (feedback === undefined) return ''
  const said = [
    feedback.detail ?? '',
    feedback.report === undefined ? '' : failuresOf(feedback.report, feedback.matrix, base),
  ]
  return renderPrompt(template, {
    before: feedback.end === 'codemod' ? 'A codemod' : `Attempt ${feedback.attempt}`,
    end: ends[feedback.end],
    left: text(leftText(feedback.left), room.left),
    accounts: feedback.end === 'codemod' ? '' : accountsText(feedback.accounts ?? []),
    failures: text(
      said.filter((part) => part !== '').join('\n\n') || 'Nothing more is known.',
      room.feedback,
    ),
  })
}

/** `git diff` shows no new file, so that they are named here. */
function leftText(left: LeftChange | undefined): string {
  if (left === undefined)
    return 'Its changes are in the work tree; `Git ["diff"]` shows those of files that were there before.'
  const { written, added, deleted } = left
  const changed = written.filter((path) => !added.includes(path))
  const kinds = [
    ['changed', changed],
    ['new', added],
    ['deleted', deleted],
  ] as const
  const lines = kinds
    .filter(([, paths]) => paths.length > 0)
    .map(([kind, paths]) => `- ${kind}: ${paths.join(', ')}`)
  if (lines.length === 0) return 'It left nothing in the work tree.'
  return `Its changes are in the work tree; \`Git ["diff"]\` shows them, \`Read\` the new files:\n${lines.join('\n')}`
}

function accountsText(accounts: readonly Account[]): string {
  if (accounts.length === 0) return 'It said nothing of its work.'
  return accounts
    .slice(-room.accounts)
    .map(
      (one) =>
        `Attempt ${one.attempt} said at its end, which nobody checked:\n${quoted(text(one.text, room.account))}`,
    )
    .join('\n\n')
}

function quoted(words: string): string {
  return words.replaceAll(/^/gm, '> ')
}

/** The first message to the model: the end state that is wanted, and what is known, at the top. */
export function renderTask(prompts: AgentPrompts, input: PromptInput): string {
  const { task, update } = input
  const feedback = feedbackText(prompts.feedback, input.feedback, input.base)
  if (task.kind !== 'dependency-update' || update === undefined) {
    const wanted = task.kind === 'dependency-update' ? taskTitle(task) : task.prompt
    return renderPrompt(prompts.change, { title: taskTitle(task), wanted, feedback })
  }
  return renderPrompt(prompts.update, {
    package: task.package,
    from: update.from,
    to: update.to,
    moves: text(movesText([...update.moves, ...(input.decided ?? [])]), room.moves),
    failures: text(failuresOf(input.report, input.matrix, input.base), room.failures),
    callSites: text(callSitesText(input.callSites), room.callSites),
    release: releaseText(input),
    feedback,
  })
}
