import { mostBodyCharacters } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { taskTitle } from '../../contract/task.ts'
import { beforeAndAfter, matrixPart } from './body/checks.ts'
import { fitted, type Part } from './body/part.ts'
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
}

/**
 * The pull request's text: what moved and why it broke, before and after, what the judge and the reviewer said, what it
 * cost, how to see for oneself. Everything that comes from the repository, a registry, a test or a model stands in code
 * spans; at most 65,536 characters, the largest part cut first.
 */
export function pullRequestBody(view: SessionView, given: BodyNotes): string {
  const { notes, opening } = given
  const said: Part = { title: 'Notes', items: notes }
  const parts: readonly Part[] = [
    moving(view),
    ...(notes.length === 0 ? [] : [said]),
    ...reasons(view),
    beforeAndAfter(view, given),
    ...matrixPart(view),
    ...account(view),
    judgement(view),
    ...warned(view),
    ...changedFiles(view),
    reproducing(view, given),
  ]
  const end = `\n---\n${origin(view)}\n`
  const first = opening === undefined ? '' : `${opening.trimEnd()}\n\n`
  const pointer = `the evidence has them (${inlineCode(`drydock evidence ${view.id}`)})`
  return `${first}${fitted(parts, mostBodyCharacters - end.length - first.length, pointer)}${end}`
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
