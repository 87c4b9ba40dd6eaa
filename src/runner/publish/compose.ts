import { tryJson } from '../../contract/json.ts'
import type { AutoMergeLevel, PullRequestWish } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { RepositoryConfig, type Settings } from '../../contract/settings.ts'
import type { BareRepository } from '../git/repository.ts'
import { plainTitle, pullRequestTitle } from './body.ts'
import { branchName, sanitised } from './branch.ts'
import { leftOpen } from './closed.ts'
import { filled, valuesOf } from './habits/names.ts'
import { ownersOf, ownersPaths } from './habits/owners.ts'
import { conventionalPrefix, mostSubjects, updatePrefix, withPrefix } from './habits/style.ts'
import { filledTemplate, templatePath } from './habits/template.ts'
import { inlineCode } from './markdown.ts'

/** A pull request as the repository and the user are used to it, but for its text and where it goes. */
export interface Composed extends Omit<PullRequestWish, 'body' | 'head' | 'base'> {
  /** The branch that is wished for; the first free one like it is taken. */
  readonly branch: string
  /** Reviewers as edits name them: accounts, and teams with their organisation. */
  readonly asked: readonly string[]
  /** The repository's own template, filled in. */
  readonly opening?: string
  /** How far an update may go that the host merges by itself, as the repository's own file has it. */
  readonly autoMerge?: AutoMergeLevel
  /** Sentences for the person. */
  readonly notes: readonly string[]
}

export interface ComposeContext {
  readonly view: SessionView
  readonly repository: Pick<BareRepository, 'entries' | 'read' | 'subjects'>
  /** How often somebody of a list was asked before, here. */
  readonly turn?: number
}

/** Everything is read from the base commit; what a person edited goes before it. */
export async function compose({ view, repository, turn = 0 }: ComposeContext): Promise<Composed> {
  const { edits = {}, task } = view
  const { settings } = task
  const base = `${task.repository.baseCommit}^{tree}`
  const paths = (await repository.entries(base)).map(({ path }) => path)
  const read = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined || !paths.includes(path)
      ? undefined
      : (await repository.read(base, path))?.toString('utf8')
  const allowed = configOf(await read('.drydock.json'))
  const labels = edits.labels ?? settings.pullRequestLabels ?? []
  const template = openingOf(view, await read(templatePath(paths)))
  // Whatever it leaves open would hide the account below it.
  const opening = template === undefined || leftOpen(template) !== undefined ? undefined : template
  const reviewers = await reviewersOf(view, read, turn, allowed?.reviewers === false)
  const milestone = edits.milestone ?? settings.pullRequestMilestone ?? ''
  return {
    title: await titleOf(view, repository),
    branch: branchOf(view),
    draft: allowed?.draft === true || (edits.draft ?? settings.pullRequestDraft === true),
    labels: labels.filter((label) => allowed?.labels?.includes(label) ?? true),
    assignees: [...(edits.assignees ?? settings.pullRequestAssignees ?? [])],
    ...reviewers,
    ...(milestone === '' ? {} : { milestone }),
    ...(opening === undefined ? {} : { opening }),
    ...(allowed?.autoMerge === undefined ? {} : { autoMerge: allowed.autoMerge }),
    notes: [
      ...narrowed(view, labels, allowed),
      ...(template === opening ? [] : ['The repository’s template leaves something open, and was left out.']),
    ],
  }
}

/** What of the wishes the repository does not take, in words. */
function narrowed(
  { edits, task }: SessionView,
  labels: readonly string[],
  allowed: RepositoryConfig['pullRequest'],
): readonly string[] {
  const wished = edits?.reviewers ?? task.settings.pullRequestReviewers ?? []
  return [
    ...(labels.every((label) => allowed?.labels?.includes(label) ?? true)
      ? []
      : ['The repository allows only some of the labels (`.drydock.json`).']),
    ...(allowed?.draft === true && edits?.draft === false
      ? ['The repository takes drafts alone (`.drydock.json`).']
      : []),
    ...(allowed?.reviewers === false && wished.length > 0
      ? ['The repository lets nobody be asked for a review (`.drydock.json`).']
      : []),
  ]
}

/** One that cannot be read closes nothing here: the session ended long before, had it mattered. */
function configOf(text: string | undefined): RepositoryConfig['pullRequest'] {
  return RepositoryConfig.safeParse(tryJson(text ?? '')).data?.pullRequest
}

async function titleOf(view: SessionView, repository: ComposeContext['repository']): Promise<string> {
  const { edits, task } = view
  const { pullRequestTitle: template, pullRequestStyle: style } = task.settings
  if (edits?.title !== undefined) return plainTitle(edits.title)
  if (template !== undefined && template !== '') {
    const title = plainTitle(filled(template, valuesOf(view)))
    if (title !== '') return title
  }
  const plain = pullRequestTitle(view)
  if (style === 'plain' || task.kind !== 'dependency-update') return plain
  const subjects = await repository.subjects(task.repository.baseCommit, mostSubjects)
  const prefix = style === 'conventional' ? updatePrefix(subjects) : conventionalPrefix(subjects)
  return prefix === undefined ? plain : plainTitle(withPrefix(prefix, plain))
}

function branchOf(view: SessionView): string {
  const template = view.edits?.branch ?? view.task.settings.pullRequestBranch ?? ''
  const name = sanitised(filled(template, valuesOf(view)))
  return name === '' ? branchName(view) : name
}

function openingOf(view: SessionView, template: string | undefined): string | undefined {
  if (template === undefined) return undefined
  const byAgent = view.turns > 0
  const words = byAgent
    ? 'A coding agent wrote what goes beyond manifests and lock file.'
    : 'The package manager made this change; no model wrote any of it.'
  return filledTemplate(template, {
    description: `${inlineCode(pullRequestTitle(view))}. ${words} The whole account stands below.`,
    testing:
      'Each command and test was run on the base commit, with the update alone and with this change: see "Before and after" below.',
    byAgent,
  })
}

type Asked = Pick<Composed, 'reviewers' | 'teamReviewers' | 'asked'>

async function reviewersOf(
  { edits, task, patch }: SessionView,
  read: (path: string) => Promise<string | undefined>,
  turn: number,
  none: boolean,
): Promise<Asked> {
  if (none) return { reviewers: [], teamReviewers: [], asked: [] }
  const wished = edits?.reviewers ?? wishedBy(task.settings, turn)
  const named = wished.filter((name) => name !== 'codeowners').map((name) => name.replace(/^@/, ''))
  const paths = (patch?.files ?? []).map(({ path }) => path)
  const texts = wished.includes('codeowners') ? await Promise.all(ownersPaths.map(read)) : []
  const text = texts.find((found) => found !== undefined)
  const owners = text === undefined ? { people: [], teams: [] } : ownersOf(text, paths)
  const teams = [...named.filter((name) => name.includes('/')), ...owners.teams]
  const reviewers = [...new Set([...named.filter((name) => !name.includes('/')), ...owners.people])]
  return {
    reviewers,
    teamReviewers: [...new Set(teams.map((team) => team.slice(team.indexOf('/') + 1)))],
    asked: [...reviewers, ...new Set(teams)],
  }
}

function wishedBy(settings: Settings, turn: number): readonly string[] {
  const { pullRequestReviewers: all = [], pullRequestReviewersInTurn: list = [] } = settings
  const next = list[turn % Math.max(1, list.length)]
  return [...all, ...(next === undefined ? [] : [next])]
}
