import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'
import {
  mostOwnCharacters,
  type PullRequestEdits,
  type PullRequestPreview,
  PullRequestWording,
} from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { againstPublishing, type Obstacle } from '../../contract/toPublish.ts'
import { readArtifact } from '../../store/artifacts.ts'
import type { Artifacts } from '../../store/emit.ts'
import { sessionFolder } from '../../store/home.ts'
import { readSession } from '../../store/session.ts'
import { fileTrouble } from '../fileTrouble.ts'
import { openBareRepository } from '../git/bareRepository.ts'
import { isThere } from '../git/checkOut.ts'
import { hasCommit } from '../git/hasCommit.ts'
import { bareGit } from '../git/program.ts'
import { type AutoMergePolicy, policyOf } from '../publish/autoMerge.ts'
import { leftOpen } from '../publish/closed.ts'
import { previewed } from '../publish/preview.ts'
import { oneLine, printable } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { hasRemote } from './nextStep.ts'
import { turnOf } from './turns.ts'

export interface WordingFlags {
  readonly title?: string
  readonly bodyFile?: string
  readonly branch?: string
  readonly draft?: boolean
  readonly label?: readonly string[]
  readonly assignee?: readonly string[]
  readonly reviewer?: readonly string[]
  readonly milestone?: string
  /** A file with all of it as JSON, or `-` for standard input; flags go before it. */
  readonly wording?: string
}

/** Throws `bad-usage`. */
export async function wordingOf(context: CommandContext, flags: WordingFlags): Promise<PullRequestWording> {
  const { title, bodyFile, branch, draft, label, assignee, reviewer, milestone, wording } = flags
  const body = bodyFile === undefined ? undefined : await given(context, bodyFile)
  return {
    ...(wording === undefined ? {} : await wordingIn(context, wording)),
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

async function given({ cwd, stdin }: CommandContext, file: string): Promise<string> {
  if (file === '-') return text(stdin)
  return readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
    throw failures.badUsage(`${file} cannot be read: ${fileTrouble(error)}.`)
  })
}

async function wordingIn(context: CommandContext, file: string): Promise<PullRequestWording> {
  const read = PullRequestWording.safeParse(tryJson(await given(context, file)))
  if (read.success) return read.data
  throw failures.badUsage(`The wording is not valid: ${z.prettifyError(read.error)}`)
}

export function isWorded(wording: PullRequestWording): boolean {
  return Object.keys(wording).length > 0
}

/** The edits as a log keeps them, over those there are. Throws `bad-usage`. */
export async function editsOf(
  { edits }: SessionView,
  wording: PullRequestWording,
  artifacts: Artifacts,
): Promise<PullRequestEdits> {
  requireFit(wording)
  const { body, ...rest } = wording
  return { ...edits, ...rest, ...(body === undefined ? {} : { body: await artifacts.put(body) }) }
}

/** Throws `bad-usage` for what no host takes, or what would hide the rest of the text. */
export function requireFit({ title, body }: PullRequestWording): void {
  if (title !== undefined && (title.trim() === '' || title.length > 200))
    throw failures.unfitWording('A title has 1 to 200 characters.', 'Give another title.')
  if (body === undefined) return
  if (body.length > mostOwnCharacters)
    throw failures.unfitWording(
      `The text has ${body.length} characters; yours may have ${mostOwnCharacters}: what was run stands below it.`,
      'Shorten it.',
    )
  const open = leftOpen(body)
  if (open !== undefined)
    throw failures.unfitWording(
      `The text leaves ${open} open: it would hide what stands below it.`,
      'Close it at the end of your text.',
    )
}

/** What else is said of a pull request that is looked at before. */
export interface PreviewSaid {
  readonly acknowledge: readonly string[]
  readonly withoutJudge?: boolean
  readonly autoMerge?: AutoMergePolicy
}

/** A session's pull request as it would be with this wording, and what stands in its way. */
export async function previewOf(
  context: CommandContext,
  id: string,
  wording: PullRequestWording,
  { acknowledge, withoutJudge = false, autoMerge }: PreviewSaid = { acknowledge: [] },
): Promise<PullRequestPreview> {
  const view = await readSession(context.sessions, id)
  if (view.patch === null || view.patch.files.length === 0)
    throw failures.sessionState(id, 'without a change', 'one with a patch')
  requireFit(wording)
  const folder = sessionFolder(context.sessions, id)
  const { body: given, ...rest } = wording
  const kept = view.edits?.body
  const own = given ?? (kept === undefined ? undefined : (await readArtifact(folder, kept)).toString('utf8'))
  const { root, baseCommit } = view.task.repository
  if (view.imported !== undefined && !(await isThere(root))) throw failures.importedSession(id)
  const repository = await openBareRepository({
    dir: join(folder, 'repo.git'),
    source: root,
    env: context.env,
  })
  // A base that moved was fetched into the session's own repository, which borrows the rest from the user's.
  if (!(await hasCommit(bareGit(repository.dir, context.env), baseCommit)))
    throw failures.baseNotHere(root, baseCommit)
  const said = { acknowledged: new Set(acknowledge), withoutJudge, unverified: false }
  const obstacles = againstPublishing(view, await hasRemote(context, view), said)
  const misnamed = obstacles.find(({ error }) => error.failure.code === 'bad-usage')
  if (misnamed !== undefined) throw misnamed.error
  const policy = autoMerge ?? policyOf(view.task)
  const preview = await previewed({
    view: { ...view, edits: { ...view.edits, ...rest } },
    ...{ repository, turn: await turnOf(context, root) },
    merging: policy && { policy, now: context.now() },
    ...(own === undefined ? {} : { own }),
  })
  return {
    ...preview,
    obstacles: obstaclesOf(obstacles),
  }
}

/** As a preview says them. */
export function obstaclesOf(obstacles: readonly Obstacle[]): PullRequestPreview['obstacles'] {
  return obstacles.map(({ error: { failure }, flagged, asked }) => ({
    ...{ code: failure.code, message: failure.message, next: failure.next },
    ...(flagged === true || asked === true ? { word: true as const } : {}),
  }))
}

/** `drydock publish --preview`. */
export async function previewCommand(
  context: CommandContext,
  id: string,
  flags: WordingFlags & { readonly json?: boolean },
  said: PreviewSaid,
): Promise<number> {
  const preview = await previewOf(context, id, await wordingOf(context, flags), said)
  if (flags.json === true) printJson(context, preview)
  else context.stdout.write(previewText(context, preview))
  return exitCodes.done
}

const yours =
  'What stands above "Before and after" is yours to write otherwise (`--body-file`); the rest stands below it whatever you write.'

function previewText({ colors: c }: CommandContext, preview: PullRequestPreview): string {
  const { title, head, base, draft, labels, assignees, reviewers, teamReviewers, milestone, body, notes } =
    preview
  const { obstacles = [] } = preview
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
    ...[...notes, yours].map((note) => `${c.yellow('!')} ${printable(note)}`),
    '',
    c.bold(obstacles.length === 0 ? 'Nothing here stands in its way' : 'Before it can be published'),
    ...obstacles.map(
      ({ code, message, next }) =>
        `${c.red('✖')} ${code}: ${oneLine(message, 600)}\n  ${c.bold('Next:')} ${oneLine(next, 600)}`,
    ),
    '',
  ].join('\n')
}
