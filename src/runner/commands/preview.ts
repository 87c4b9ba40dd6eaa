import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { failures } from '../../contract/failures.ts'
import {
  mostBodyCharacters,
  type PullRequestEdits,
  type PullRequestPreview,
} from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { readArtifact } from '../../store/artifacts.ts'
import type { Artifacts } from '../../store/emit.ts'
import { sessionFolder } from '../../store/home.ts'
import { readSession } from '../../store/session.ts'
import { openBareRepository } from '../git/bareRepository.ts'
import { previewed } from '../publish/preview.ts'
import { oneLine, printable } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { turnOf } from './turns.ts'

/** What a person wants otherwise, as flags or the panel's form give it. */
export interface Wording extends Omit<PullRequestEdits, 'body'> {
  readonly body?: string
}

export interface WordingFlags {
  readonly title?: string
  readonly bodyFile?: string
  readonly branch?: string
  readonly draft?: boolean
  readonly label?: readonly string[]
  readonly assignee?: readonly string[]
  readonly reviewer?: readonly string[]
  readonly milestone?: string
}

/** Throws `bad-usage`. */
export async function wordingOf({ cwd }: CommandContext, flags: WordingFlags): Promise<Wording> {
  const { title, bodyFile, branch, draft, label, assignee, reviewer, milestone } = flags
  const body =
    bodyFile === undefined
      ? undefined
      : await readFile(resolve(cwd, bodyFile), 'utf8').catch(() => {
          throw failures.badUsage(`${bodyFile} cannot be read.`)
        })
  return {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(branch === undefined ? {} : { branch }),
    ...(draft === undefined ? {} : { draft }),
    ...(label === undefined ? {} : { labels: [...label] }),
    ...(assignee === undefined ? {} : { assignees: [...assignee] }),
    ...(reviewer === undefined ? {} : { reviewers: [...reviewer] }),
    ...(milestone === undefined ? {} : { milestone }),
  }
}

export function isWorded(wording: Wording): boolean {
  return Object.keys(wording).length > 0
}

/** The edits as a log keeps them, over those there are. Throws `bad-usage`. */
export async function editsOf(
  { edits }: SessionView,
  wording: Wording,
  artifacts: Artifacts,
): Promise<PullRequestEdits> {
  requireFit(wording)
  const { body, ...rest } = wording
  return { ...edits, ...rest, ...(body === undefined ? {} : { body: await artifacts.put(body) }) }
}

function requireFit({ title, body }: Wording): void {
  if (title !== undefined && (title.trim() === '' || title.length > 200))
    throw failures.badUsage('A title has 1 to 200 characters.')
  if (body !== undefined && body.length > mostBodyCharacters)
    throw failures.badUsage(`The text has ${body.length} characters; a host takes ${mostBodyCharacters}.`)
}

/** A session's pull request as it would be with this wording. */
export async function previewOf(
  context: CommandContext,
  id: string,
  wording: Wording,
): Promise<PullRequestPreview> {
  const view = await readSession(context.sessions, id)
  if (view.patch === null || view.patch.files.length === 0)
    throw failures.sessionState(id, 'without a change', 'one with a patch')
  requireFit(wording)
  const folder = sessionFolder(context.sessions, id)
  const { body: given, ...rest } = wording
  const kept = view.edits?.body
  const body = given ?? (kept === undefined ? undefined : (await readArtifact(folder, kept)).toString('utf8'))
  const { root } = view.task.repository
  const repository = await openBareRepository({
    dir: join(folder, 'repo.git'),
    source: root,
    env: context.env,
  })
  return await previewed({
    view: { ...view, edits: { ...view.edits, ...rest } },
    ...{ repository, turn: await turnOf(context, root) },
    ...(body === undefined ? {} : { body }),
  })
}

/** `drydock publish --preview`. */
export async function previewCommand(
  context: CommandContext,
  id: string,
  flags: WordingFlags & { readonly json?: boolean },
): Promise<number> {
  const preview = await previewOf(context, id, await wordingOf(context, flags))
  if (flags.json === true) printJson(context, preview)
  else context.stdout.write(previewText(context, preview))
  return exitCodes.done
}

function previewText({ colors: c }: CommandContext, preview: PullRequestPreview): string {
  const { title, head, base, draft, labels, assignees, reviewers, teamReviewers, milestone, body, notes } =
    preview
  const line = (name: string, value: string): string => `${c.bold(name.padEnd(10))} ${oneLine(value, 200)}`
  const several = (name: string, values: readonly string[]): readonly string[] =>
    values.length === 0 ? [] : [line(name, values.join(', '))]
  return [
    '',
    line('Title', title),
    line('Branch', `${head} → ${base ?? 'the default branch'}${draft ? ', a draft' : ''}`),
    ...several('Labels', labels),
    ...several('Assignees', assignees),
    ...several('Reviewers', [...reviewers, ...teamReviewers.map((team) => `team ${team}`)]),
    ...(milestone === undefined ? [] : [line('Milestone', milestone)]),
    '',
    printable(body),
    ...notes.map((note) => `${c.yellow('!')} ${printable(note)}`),
    '',
  ].join('\n')
}
