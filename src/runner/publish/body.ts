import { mostBodyCharacters } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { taskTitle } from '../../contract/task.ts'
import { beforeAndAfter, matrixPart } from './body/checks.ts'
import { fittedGroups, type Part } from './body/part.ts'
import { moving, reasons } from './body/update.ts'
import { account, changedFiles, judgement, origin, reproducing, warned } from './body/words.ts'
import { inlineCode } from './markdown.ts'

/** Things to say of this publication that the session's view does not hold. */
export interface BodyNotes {
  /** Sentences of ours, in Markdown. */
  readonly notes: readonly string[]
  /** The commit of this change, and the branch it is on; undefined before there are any. */
  readonly commit?: string
  readonly branch?: string
  /** sha256 of the statement of the session's evidence. */
  readonly evidence?: string
  /** The repository's own template, filled in; stands before everything else. */
  readonly opening?: string
  /** What a person wrote in the place of template, moves and reasons. */
  readonly own?: string
}

/** A pull request's text in its two parts. */
export interface BodyParts {
  /** What a person may write otherwise: the repository's template, what moved, why it broke. */
  readonly own: string
  /** What was run and seen, and who said what of it: it stands below, whatever they write. */
  readonly fixed: string
}

/**
 * The pull request's text: what moved and why it broke, before and after, what the judge and the reviewer said, what it
 * cost, how to see for oneself. Everything that comes from the repository, a registry, a test or a model stands in code
 * spans; at most 65,536 characters, the largest part cut first.
 */
export function pullRequestBody(view: SessionView, given: BodyNotes): string {
  const { own, fixed } = bodyParts(view, given)
  return joinedBody(own, fixed)
}

/** Between both stands an empty line. */
export function joinedBody(own: string, fixed: string): string {
  return own.trim() === '' ? fixed : `${own.trimEnd()}\n\n${fixed}`
}

export function bodyParts(view: SessionView, given: BodyNotes): BodyParts {
  const { opening, own } = given
  const end = `\n---\n${origin(view)}\n`
  const pointer = `the evidence has them (${inlineCode(`drydock evidence ${view.id}`)})`
  const within = (groups: readonly (readonly Part[])[], first: string): readonly string[] =>
    fittedGroups(groups, mostBodyCharacters - end.length - first.length - 2, pointer)
  if (own !== undefined) {
    const lead = `${edited(view)}\n\n`
    const [fixed = ''] = within([fixedParts(view, given)], own + lead)
    return { own, fixed: `${lead}${fixed}${end}` }
  }
  const first = opening === undefined ? '' : `${opening.trimEnd()}\n\n`
  const [about = '', fixed = ''] = within([[moving(view), ...reasons(view)], fixedParts(view, given)], first)
  return { own: `${first}${about}`, fixed: `${fixed}${end}` }
}

/** Stands between words that a program did not write and those that it did. */
function edited({ approval }: SessionView): string {
  const by = approval?.by === undefined ? 'whoever published this' : inlineCode(approval.by)
  return `---\n*Above: the words of ${by}. Below: what Drydock ran and saw, which they could not change.*`
}

function fixedParts(view: SessionView, given: BodyNotes): readonly Part[] {
  const { notes } = given
  const said: Part = { title: 'Notes', items: notes }
  return [
    ...(notes.length === 0 ? [] : [said]),
    beforeAndAfter(view, given),
    ...matrixPart(view),
    ...account(view),
    judgement(view),
    ...warned(view),
    ...changedFiles(view),
    reproducing(view, given),
  ]
}

/** The pull request's title; plain text, which no host renders. */
export function pullRequestTitle(view: SessionView): string {
  const { task, from, to } = view
  const title =
    task.kind === 'dependency-update' && from !== null && to !== null
      ? `Update ${task.package} from ${from} to ${to}`
      : taskTitle(task)
  return plainTitle(title)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a title is one line
const controls = /[\u0000-\u001f\u007f]+/g

/** One line that a host takes. */
export function plainTitle(text: string): string {
  return text.replace(controls, ' ').trim().slice(0, 200)
}
