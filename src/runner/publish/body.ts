import { accountsOf } from '../../contract/account.ts'
import { minimisedLine } from '../../contract/minimised.ts'
import { money } from '../../contract/money.ts'
import { placeLine } from '../../contract/places.ts'
import { standing } from '../../contract/proof.ts'
import { Label } from '../../contract/report.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { taskTitle } from '../../contract/task.ts'
import { bounded } from '../../contract/text.ts'
import { Criterion } from '../../contract/verdict.ts'
import { codeBlock, inlineCode, maxReason } from './markdown.ts'

const maxItems = 30
const mostAccount = 2_000
const mostAccounts = 3

/** Things to say of this publication that the session's view does not hold. */
export interface BodyNotes {
  /** Sentences of ours, in Markdown. */
  readonly notes: readonly string[]
}

/**
 * The pull request's text: what moved, what was checked and how, what the judge and the reviewer said, what
 * it cost. Everything that comes from the repository, a registry, a test or a model stands in code spans.
 */
export function pullRequestBody(view: SessionView, { notes }: BodyNotes): string {
  const parts = [
    change(view),
    ...(notes.length === 0 ? [] : [notes.map((note) => `> ${note}`).join('\n')]),
    verification(view),
    tests(view),
    account(view),
    judgement(view),
    acknowledged(view),
    files(view),
    origin(view),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** The pull request's title; plain text, which no host renders. */
export function pullRequestTitle(view: SessionView): string {
  const { task, from, to } = view
  const title =
    task.kind === 'dependency-update' && from !== null && to !== null
      ? `Update ${task.package} from ${from} to ${to}`
      : taskTitle(task)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a title is one line
  return title.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 200)
}

function change({ task, moves, places = [] }: SessionView): string {
  if (task.kind !== 'dependency-update') return codeBlock(task.prompt)
  const lines = moves.map(({ name, from, to, reason }) => {
    const why = reason === undefined ? '' : ` (${inlineCode(reason)})`
    return `${inlineCode(name)} ${from === undefined ? 'added at' : inlineCode(from)} ${to === undefined ? 'is removed' : `→ ${inlineCode(to)}`}${why}`
  })
  const read =
    places.length === 0
      ? ''
      : `\n\nRead back afterwards:\n${list(places.map((place) => inlineCode(placeLine(place))))}`
  return section('What moves', `${list(lines)}${read}`)
}

/** The badge, and what it does and does not stand on. */
function proof({ matrix }: SessionView): string {
  if (matrix === null) return '**Not verified**: no check was made.'
  const { proven = [], notProven = [], reasons } = matrix
  const state = {
    tests: '**Verified**: nothing that worked before stopped working.',
    steps: '**Verified without a test**: no test that passed before ran again.',
    red: `**Not green**: ${reasons.map((reason) => inlineCode(reason, maxReason)).join(', ')}.`,
    'not verified': `**Not verified**: ${reasons.map((reason) => inlineCode(reason, maxReason)).join(', ')}.`,
  }[standing(matrix)]
  const shown = proven.map((one) => `Shown: ${inlineCode(one)}`)
  return [state, list([...shown, ...notProven.map((one) => `**Not shown**: ${inlineCode(one)}`)])]
    .filter((part) => part !== '')
    .join('\n\n')
}

function verification(view: SessionView): string {
  const { reports, task } = view
  const state = proof(view)
  const report = reports.dropped ?? reports.repair ?? reports.update
  const steps = (report?.steps ?? []).map(
    ({ name, command, exitCode, durationMs }) =>
      `${name}: ${inlineCode(command)} ended with ${exitCode ?? 'no exit code'} after ${(durationMs / 1000).toFixed(1)} s`,
  )
  const how =
    report === undefined
      ? ''
      : "Run in a fresh container without a network, by the base commit's own commands:\n"
  const uncommitted = task.repository.includeUncommitted
    ? '\nThe session began with uncommitted work, which is not part of this branch.'
    : ''
  return section('What was checked', `${state}\n\n${how}${list(steps)}${uncommitted}`)
}

function tests({ matrix }: SessionView): string {
  if (matrix === null) return ''
  const counts = Label.options.filter((label) => (matrix.counts[label] ?? 0) > 0)
  const line = counts.map((label) => `${matrix.counts[label]} ${label}`).join(' · ')
  const named = matrix.tests.map(({ id, label }) => `${label}: ${inlineCode(id)}`)
  const unstable = (matrix.unstable ?? []).map((id) => `name differs in each run: ${inlineCode(id)}`)
  return section(
    'Tests',
    [line === '' ? 'None was reported by name.' : line, list([...named, ...unstable])].join('\n\n'),
  )
}

/** The agent's words about the attempt that the change comes from, and what was said before; claims all. */
function account({ attempts, minimised }: SessionView): string {
  const said = accountsOf(attempts).map(
    ({ attempt, text }) => `Attempt ${attempt}:\n\n${codeBlock(bounded(text, mostAccount))}`,
  )
  const words =
    said.length === 0 ? [] : ['Its own account, which no program checked.', ...said.slice(-mostAccounts)]
  const looked = minimised === null ? [] : [`Looked for what is not needed: ${minimisedLine(minimised)}.`]
  return section('What the agent says', [...words, ...looked].join('\n\n'))
}

function judgement({ verdict }: SessionView): string {
  if (verdict === null || verdict.decision === 'not-judged') {
    return section('Judge', '**Not judged**: no model has looked at this change.')
  }
  const lines = Criterion.options.flatMap((name) => {
    const given = verdict.criteria?.[name]
    return given === undefined
      ? []
      : [`${name}: ${given.pass ? 'yes' : '**no**'}, ${inlineCode(given.reason, maxReason)}`]
  })
  const model = verdict.model === undefined ? '' : ` by ${inlineCode(verdict.model)}`
  return section(
    'Judge',
    `${verdict.decision === 'approve' ? 'Approved' : 'Vetoed'}${model}.\n\n${list(lines)}`,
  )
}

function acknowledged({ warnings }: SessionView): string {
  const seen = warnings.filter(({ severity }) => severity === 'acknowledge')
  if (seen.length === 0) return ''
  const lines = seen.map(
    ({ code, message, acknowledged: yes }) =>
      `[${yes ? 'x' : ' '}] ${inlineCode(code)}: ${inlineCode(message, maxReason)}`,
  )
  return section('Warnings a person acknowledged', list(lines))
}

function files({ patch }: SessionView): string {
  const lines = (patch?.files ?? []).map(
    ({ path, status, additions, deletions }) => `${inlineCode(path)} ${status}, +${additions} −${deletions}`,
  )
  return section('Files', list(lines))
}

function origin({ id, costUsd, turns, attempts, patch, approval }: SessionView): string {
  const agent =
    turns === 0
      ? 'No agent was needed'
      : `An agent made ${counted(turns, 'turn')} in ${counted(attempts.length, 'attempt')}`
  const cost = `${agent}; the models cost ${money(costUsd)}.`
  const bound = `Session ${inlineCode(id)}, base ${inlineCode(patch?.baseCommit ?? '')}, patch ${inlineCode((patch?.digest ?? '').slice(0, 16))}, approved ${inlineCode(approval?.at ?? 'by nobody')}.`
  return `---\n${cost} ${bound}`
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function section(title: string, text: string): string {
  return text.trim() === '' ? '' : `### ${title}\n\n${text.trim()}`
}

function list(lines: readonly string[]): string {
  const more = lines.length - maxItems
  const shown = lines.slice(0, maxItems).map((line) => `- ${line}`)
  return [...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')
}
