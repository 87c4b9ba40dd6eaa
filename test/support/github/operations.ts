import type { Shapes } from './shapes.ts'
import { addRepository, git, type PlayedPull, type PlayedRepository, tipOf, type World } from './world.ts'

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Asked {
  readonly world: World
  readonly shapes: Shapes
  readonly at: PlayedRepository
  /** Where the stand-in listens. */
  readonly address: string
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
}

type Serve = (asked: Asked) => Promise<Answer>

export const notFound: Answer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
}

const ok = (body: unknown): Answer => ({ status: 200, body })
const made = (body: unknown): Answer => ({ status: 201, body })
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

function forbidden(message: string): Answer {
  return { status: 403, body: { message, documentation_url: 'https://docs.github.com/rest', status: '403' } }
}

function invalid(...errors: readonly object[]): Answer {
  return {
    status: 422,
    body: { message: 'Validation Failed', errors, documentation_url: 'https://docs.github.com/rest' },
  }
}

/** What GitHub does for each operation that we ask for, by the name it has in the description. */
export const operations: Readonly<Record<string, Serve>> = {
  'repos/get': async ({ shapes, at }) => ok(await shapes.repository(at)),
  'repos/get-branch-rules': async ({ at }) =>
    ok(
      at.rules.map((type) => ({
        type,
        ruleset_source_type: 'Repository',
        ruleset_source: at.name,
        ruleset_id: 7,
        ...(type === 'required_status_checks'
          ? {
              parameters: {
                required_status_checks: at.requiredChecks.map((context) => ({ context })),
                strict_required_status_checks_policy: false,
              },
            }
          : {}),
      })),
    ),
  'repos/get-branch': async ({ world, shapes, at, path }) => {
    const sha = await tipOf(world, at, path.branch ?? '')
    return sha === undefined ? notFound : ok(shapes.branch(at, path.branch ?? '', sha))
  },
  'repos/create-fork': fork,
  'pulls/list': listPulls,
  'pulls/create': writing(createPull),
  'pulls/get': onPull(async ({ shapes, at }, pull) => ok(await shapes.pull(at, pull))),
  'pulls/update': writing(
    onPull(async ({ shapes, at, body }, pull) => {
      if (typeof body.title === 'string') pull.title = body.title
      if (typeof body.body === 'string') pull.body = body.body
      if (body.state === 'closed') pull.state = 'closed'
      return ok(await shapes.pull(at, pull))
    }),
  ),
  'pulls/request-reviewers': writing(
    onPull(async ({ shapes, at, body }, pull) => {
      const wanted = strings(body.reviewers)
      if (wanted.includes(pull.author))
        return invalid({ message: 'Review cannot be requested from pull request author.' })
      const stranger = wanted.find((login) => !at.permissions.has(login))
      if (stranger !== undefined)
        return invalid({ message: 'Reviews may only be requested from collaborators.' })
      pull.reviewers.push(...wanted)
      const teams = strings(body.team_reviewers)
      if (teams.length > 0) pull.teams = [...(pull.teams ?? []), ...teams]
      const { merged: _, ...simple } = await shapes.pull(at, pull)
      return made(simple)
    }),
  ),
  'pulls/list-reviews': onPull(async ({ shapes, at }, { number }) =>
    ok(at.reviews.filter((one) => one.number === number).map((one, id) => shapes.review(one, id + 1))),
  ),
  'pulls/list-review-comments': onPull(async ({ shapes, at }, { number }) =>
    ok(
      at.reviewComments.flatMap((one, id) =>
        one.number === number ? [shapes.reviewComment(one, id + 1)] : [],
      ),
    ),
  ),
  'pulls/create-reply-for-review-comment': onPull(async ({ world, shapes, at, path, body }, { number }) => {
    const replyTo = Number(path.comment_id)
    const begun = at.reviewComments[replyTo - 1]
    // Answers to answers are not supported.
    if (begun === undefined || begun.number !== number || begun.replyTo !== undefined) return notFound
    const comment = {
      number,
      author: world.login,
      body: String(body.body),
      path: begun.path ?? 'a.js',
      replyTo,
    }
    at.reviewComments.push(comment)
    return made(shapes.reviewComment(comment, at.reviewComments.length))
  }),
  'issues/list-comments': onPull(async ({ shapes, at }, { number }) =>
    ok(at.comments.flatMap((one, id) => (one.number === number ? [shapes.comment(one, id + 1)] : []))),
  ),
  'issues/create-comment': onPull(async ({ world, shapes, at, body }, { number }) => {
    const comment = { number, author: world.login, body: String(body.body) }
    at.comments.push(comment)
    return made(shapes.comment(comment, at.comments.length))
  }),
  'issues/add-labels': onPull(async ({ body }, pull) => {
    pull.labels.push(...strings(body.labels))
    return ok(
      pull.labels.map((name, id) => ({
        id,
        node_id: 'l',
        url: 'https://github.example.com/l',
        name,
        description: null,
        color: 'ededed',
        default: false,
      })),
    )
  }),
  'issues/add-assignees': onPull(async ({ shapes, at, body }, pull) => {
    pull.assignees.push(...strings(body.assignees).filter((login) => at.permissions.has(login)))
    return made(shapes.issue(pull))
  }),
  'issues/list-milestones': async ({ shapes, at }) =>
    ok(at.milestones.map((title, index) => milestone(shapes, title, index + 1))),
  'issues/update': onPull(async ({ shapes, at, body }, pull) => {
    pull.milestone = at.milestones[Number(body.milestone) - 1]
    return ok(shapes.issue(pull))
  }),
  'checks/create': async ({ shapes, at, body }) => {
    const output = (body.output ?? {}) as { readonly summary?: string }
    const check = {
      name: String(body.name),
      sha: String(body.head_sha),
      conclusion: String(body.conclusion),
      ...(output.summary === undefined ? {} : { summary: output.summary }),
    }
    at.checks.push(check)
    return made(shapes.check(check, at.checks.length))
  },
  'checks/list-for-ref': async ({ world, shapes, at, path }) => {
    const sha = (await tipOf(world, at, path.ref ?? '')) ?? path.ref
    const found = at.checks.map((one, id) => ({ one, id: id + 1 })).filter(({ one }) => one.sha === sha)
    return ok({ total_count: found.length, check_runs: found.map(({ one, id }) => shapes.check(one, id)) })
  },
  'repos/get-combined-status-for-ref': async ({ world, shapes, at, path }) => {
    const sha = (await tipOf(world, at, path.ref ?? '')) ?? path.ref ?? ''
    const statuses = at.statuses
      .filter((one) => one.sha === sha)
      .map((one, id) => shapes.simpleStatus(one, id + 1))
    return ok({ ...shapes.combined(), sha, total_count: statuses.length, statuses })
  },
  'actions/download-job-logs-for-workflow-run': async ({ at, path, address }) => {
    const check = at.checks[Number(path.job_id) - 1]
    if (check?.log === undefined) return notFound
    // Another origin, as it is at GitHub.
    const location = `${address.replace('127.0.0.1', 'localhost')}/signed-logs/${at.id}/${path.job_id}`
    return { status: 302, headers: { location } }
  },
  'repos/create-commit-status': async ({ shapes, at, path, body }) => {
    if (!at.mayPush) return notFound
    const { state, context = 'default', description = '' } = body
    const status = {
      sha: path.sha ?? '',
      state: String(state),
      context: String(context),
      description: String(description),
    }
    at.statuses.push(status)
    return made(shapes.status(status, at.statuses.length))
  },
  'git/get-ref': async ({ world, at, path }) => {
    const sha = await tipOf(world, at, (path.ref ?? '').replace(/^heads\//, ''))
    const url = 'https://github.example.com/ref'
    return sha === undefined
      ? notFound
      : ok({ ref: `refs/${path.ref}`, node_id: 'r', url, object: { type: 'commit', sha, url } })
  },
  'git/get-commit': async ({ world: _, shapes, at, path }) => {
    const shape = await shapes.commit(at, path.commit_sha ?? '')
    return shape === undefined ? notFound : ok(shape)
  },
  'repos/get-collaborator-permission-level': async ({ shapes, at, path }) => {
    const permission = at.permissions.get(path.username ?? '') ?? 'read'
    return ok({
      permission,
      role_name: permission,
      user: { ...shapes.user(path.username ?? ''), role_name: permission },
    })
  },
}

function writing(serve: Serve): Serve {
  return async (asked) =>
    asked.at.archived ? forbidden('Repository was archived so is read-only.') : serve(asked)
}

function onPull(serve: (asked: Asked, pull: PlayedPull) => Promise<Answer>): Serve {
  return async (asked) => {
    const number = Number(asked.path.pull_number ?? asked.path.issue_number)
    const pull = asked.at.pulls.find((one) => one.number === number)
    return pull === undefined ? notFound : serve(asked, pull)
  }
}

function milestone(shapes: Shapes, title: string, number: number): object {
  const address = 'https://github.example.com/m'
  return {
    ...{
      url: address,
      html_url: address,
      labels_url: address,
      id: number,
      node_id: 'm',
      number,
      state: 'open',
      title,
    },
    ...{ description: null, creator: shapes.user('grace'), open_issues: 0, closed_issues: 0 },
    ...{
      created_at: '2026-01-02T03:04:05Z',
      updated_at: '2026-01-02T03:04:05Z',
      closed_at: null,
      due_on: null,
    },
  }
}

async function listPulls({ shapes, at, query }: Asked): Promise<Answer> {
  const [head, state] = [query.get('head'), query.get('state') ?? 'open']
  const found = at.pulls.filter(
    (pull) => (head === null || pull.head === head) && (state === 'all' || pull.state === state),
  )
  const size = Number(query.get('per_page') ?? 30)
  const from = (Number(query.get('page') ?? 1) - 1) * size
  const shown = found.toReversed().slice(from, from + size)
  return ok(await Promise.all(shown.map((pull) => shapes.pull(at, pull))))
}

async function createPull({ world, shapes, at, body }: Asked): Promise<Answer> {
  const [title, text, base] = [String(body.title ?? ''), String(body.body ?? ''), String(body.base)]
  if (title === '') return invalid({ resource: 'PullRequest', code: 'missing_field', field: 'title' })
  if (text.length > 65_536)
    return invalid({ resource: 'PullRequest', code: 'custom', field: 'body', message: 'body is too long' })
  const label = String(body.head).includes(':') ? String(body.head) : `${at.owner}:${String(body.head)}`
  const [owner = '', branch = ''] = label.split(/:(.*)/s)
  const from = world.repositories.find((one) => one.owner === owner && one.name === at.name)
  const tip = from === undefined ? undefined : await tipOf(world, from, branch)
  if (tip === undefined) return invalid({ resource: 'PullRequest', code: 'invalid', field: 'head' })
  const onto = await tipOf(world, at, base)
  if (onto === undefined) return invalid({ resource: 'PullRequest', code: 'invalid', field: 'base' })
  const custom = (message: string) => invalid({ resource: 'PullRequest', code: 'custom', message })
  if (tip === onto) return custom(`No commits between ${base} and ${branch}`)
  if (at.pulls.some((one) => one.state === 'open' && one.head === label && one.base === base))
    return custom(`A pull request already exists for ${label}.`)
  const pull = addPull(at, {
    title,
    body: text,
    draft: body.draft === true,
    head: label,
    base,
    author: world.login,
  })
  return made(await shapes.pull(at, pull))
}

export function addPull(
  at: PlayedRepository,
  said: Pick<PlayedPull, 'title' | 'head' | 'base' | 'author'> & {
    readonly body?: string
    readonly draft?: boolean
  },
): PlayedPull {
  const pull: PlayedPull = {
    ...{ number: at.pulls.length + 1, body: '', draft: false, ...said, state: 'open', merged: false },
    ...{ labels: [], assignees: [], reviewers: [], milestone: undefined },
  }
  at.pulls.push(pull)
  return pull
}

async function fork({ world, shapes, at }: Asked): Promise<Answer> {
  const known = world.repositories.find((one) => one.owner === world.login && one.name === at.name)
  const made = known ?? addRepository(world, world.login, at.name)
  if (known === undefined)
    await git(
      world,
      at,
      'clone',
      '--quiet',
      '--bare',
      `${world.root}/${at.owner}/${at.name}.git`,
      `${world.root}/${made.owner}/${made.name}.git`,
    )
  const { permissions, ...rest } = await shapes.repository(made)
  return { status: 202, body: { ...rest, permissions, fork: true } }
}
