import { accountsOf } from '../../../contract/account.ts'
import { isRed } from '../../../contract/approval.ts'
import { codemodLine } from '../../../contract/codemod.ts'
import { minimisedLine } from '../../../contract/minimised.ts'
import { money } from '../../../contract/money.ts'
import type { SessionView } from '../../../contract/sessionView.ts'
import { bounded, shellWord } from '../../../contract/text.ts'
import { Criterion } from '../../../contract/verdict.ts'
import { codeBlock, inlineCode, maxReason, visibleLine } from '../markdown.ts'
import type { Part } from './part.ts'

/* What was said: by the agent, the judge, the rules, a person; and how to see for oneself. */

const mostAccount = 2_000
const mostAccounts = 3

/** The agent's words about the attempt that the change comes from, and what was said before; claims all. */
export function account({ attempts, minimised }: SessionView): readonly Part[] {
  const said = accountsOf(attempts)
    .slice(-mostAccounts)
    .map(({ attempt, text }) => `Attempt ${attempt}:\n\n${codeBlock(bounded(text, mostAccount))}`)
  const tail = minimised === null ? '' : `Looked for what is not needed: ${minimisedLine(minimised)}.`
  if (said.length === 0 && tail === '') return []
  return [
    {
      title: 'What the agent says',
      ...(said.length === 0 ? {} : { lead: 'Its own account, which no program checked.' }),
      items: said,
      draw: (items) => items.join('\n\n'),
      tail,
      folded: true,
    },
  ]
}

export function judgement({ verdict, bases = [] }: SessionView): Part {
  if (verdict === null || verdict.decision === 'not-judged')
    return { title: 'Judge', lead: '**Not judged**: no model has looked at this change.', items: [] }
  const items = Criterion.options.flatMap((name) => {
    const given = verdict.criteria?.[name]
    return given === undefined
      ? []
      : [`${name}: ${given.pass ? 'yes' : '**no**'}, ${inlineCode(given.reason, maxReason)}`]
  })
  const model = verdict.model === undefined ? '' : ` by ${inlineCode(verdict.model)}`
  const [first] = bases
  const before = first === undefined ? '' : ` It saw the change on ${inlineCode(first.from)}.`
  const decision = verdict.decision === 'approve' ? 'Approved' : 'Vetoed'
  return { title: 'Judge', lead: `${decision}${model}.${before}`, items }
}

/** Each warning, whether a person had to tick it, and who did. */
export function warned({ warnings, approval }: SessionView): readonly Part[] {
  if (warnings.length === 0) return []
  const by = approval?.by === undefined ? 'whoever published it' : inlineCode(approval.by)
  const asked = warnings.filter(({ severity }) => severity === 'acknowledge')
  const told = warnings.filter(({ severity }) => severity !== 'acknowledge')
  const lead =
    asked.length === 0
      ? 'None of them had to be acknowledged.'
      : approval === null
        ? 'Each with a box has to be acknowledged before this is published.'
        : `Each with a box was acknowledged by ${by}, ${inlineCode(approval.at)}.`
  const text = ({ code, message }: SessionView['warnings'][number]): string =>
    `${inlineCode(code)}: ${inlineCode(message, maxReason)}`
  return [
    {
      title: 'Warnings',
      lead,
      items: [...asked.map((one) => `[${one.acknowledged ? 'x' : ' '}] ${text(one)}`), ...told.map(text)],
    },
  ]
}

export function changedFiles({ patch }: SessionView): readonly Part[] {
  const files = patch?.files ?? []
  if (files.length === 0) return []
  return [
    {
      title: `Files: ${files.length}`,
      items: files.map(
        ({ path, status, additions, deletions }) =>
          `${inlineCode(path)} ${status}, +${additions} −${deletions}`,
      ),
      folded: true,
    },
  ]
}

export interface Reproducing {
  /** sha256 of the evidence's statement. */
  readonly evidence?: string
  readonly branch?: string
}

/** One that goes into a folder leaves the next where it is. */
function inOwnShell(command: string): string {
  return command.startsWith('cd ') ? `(${command})` : command
}

/** The same again by the evidence, or by hand. */
export function reproducing(view: SessionView, { evidence, branch }: Reproducing): Part {
  const { task, reports, id } = view
  const url = task.repository.remote?.url
  const base = view.patch?.baseCommit ?? task.repository.baseCommit
  const digest = evidence === undefined ? '' : ` --sha256 ${evidence}`
  const commands = (reports.base?.steps ?? []).map(({ command }) => inOwnShell(visibleLine(command)))
  return {
    title: 'How to reproduce',
    lead: `Whoever made this gives the evidence with ${inlineCode(`drydock evidence ${id}`)}: every test of every run, under an in-toto statement.`,
    items: [
      `drydock verify-evidence DIR --repo ${shellWord(url ?? '.')}${digest}`,
      '# or by hand, with its packages installed each time:',
      `git checkout ${base}  # before`,
      ...commands,
      branch === undefined ? '# this branch: after' : `git checkout ${shellWord(branch)}  # after`,
      ...commands,
    ],
    draw: (items) => {
      // Longer than any fence that a command could hold.
      const fence = '`'.repeat(
        Math.max(3, ...items.flatMap((item) => item.match(/`+/g) ?? []).map((run) => run.length + 1)),
      )
      return `${fence}sh\n${items.join('\n')}\n${fence}`
    },
    folded: true,
  }
}

export function origin(view: SessionView): string {
  const { id, costUsd, turns, attempts, patch, approval, codemod } = view
  const models = [...new Set(attempts.map(({ model }) => model))].map((model) => inlineCode(model)).join(', ')
  const agent =
    turns === 0
      ? withoutAgent(view)
      : `An agent (${models}) made ${counted(turns, 'turn')} in ${counted(attempts.length, 'attempt')}`
  const before = turns > 0 && codemod?.result === 'partly' ? ` after ${inlineCode(codemodLine(codemod))}` : ''
  const cost = `${agent}${before}; the models cost ${money(costUsd)}.`
  const who = approval?.by === undefined ? '' : ` by ${inlineCode(approval.by)}`
  const approved = approval === null ? 'not approved yet' : `approved${who} ${inlineCode(approval.at)}`
  return `${cost} Session ${inlineCode(id)}, patch ${inlineCode((patch?.digest ?? '').slice(0, 16))}, ${approved}.`
}

/** A codemod's part is said where the change holds it; a change that is not green was wanting something. */
function withoutAgent(view: SessionView): string {
  const { codemod } = view
  if (isRed(view)) return 'No agent worked on it, and its checks are not green'
  if (codemod?.result !== 'covered') return 'No agent was needed: the package manager made this change'
  return `No agent was needed: the package manager made the update, and it was ${inlineCode(codemodLine(codemod))}`
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
