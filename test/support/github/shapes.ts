import type { Description } from './description.ts'
import { nodeIdOf } from './nodeId.ts'
import {
  git,
  type PlayedCheck,
  type PlayedComment,
  type PlayedPull,
  type PlayedRepository,
  tipOf,
  type World,
} from './world.ts'

type Shape = Record<string, unknown>

const time = '2026-01-02T03:04:05Z'

/** Answers in GitHub's own shape: an example of its description, with what is played laid over it. */
export interface Shapes {
  user(login: string): Shape
  repository(at: PlayedRepository): Promise<Shape>
  listed(at: PlayedRepository): Promise<Shape>
  pull(at: PlayedRepository, pull: PlayedPull): Promise<Shape>
  branch(at: PlayedRepository, name: string, sha: string): Shape
  issue(pull: PlayedPull): Shape
  comment(comment: PlayedComment, id: number): Shape
  reviewComment(comment: PlayedComment, id: number): Shape
  review(review: PlayedRepository['reviews'][number], id: number): Shape
  check(check: PlayedCheck, id: number): Shape
  commit(at: PlayedRepository, sha: string): Promise<Shape | undefined>
  combined(): Shape
  simpleStatus(status: PlayedRepository['statuses'][number], id: number): Shape
  status(status: PlayedRepository['statuses'][number], id: number): Shape
}

function withoutCreator({ creator: _, ...status }: Shape): Shape {
  return { ...status, required: false, avatar_url: null, target_url: null }
}

export function shapes(world: World, description: Description, base: () => string): Shapes {
  const example = (id: string, status = '200'): Shape => description.example(id, status)
  const user = (login: string): Shape => ({
    ...(example('pulls/get').user as Shape),
    ...{ login, type: login.endsWith('[bot]') ? 'Bot' : 'User' },
  })
  const page = (at: PlayedRepository, rest: string): string =>
    `https://github.example.com/${at.owner}/${at.name}${rest}`
  const self: Shapes = {
    user,
    listed: async (at) => ({ ...(await self.repository(at)), clone_url: `${page(at, '')}.git` }),
    repository: async (at) => {
      const {
        source: _,
        parent: __,
        organization: ___,
        template_repository: ____,
        ...rest
      } = example('repos/get')
      return {
        ...rest,
        ...{
          id: at.id,
          name: at.name,
          full_name: `${at.owner}/${at.name}`,
          owner: user(at.owner),
          language: null,
        },
        ...{
          default_branch: (await git(world, at, 'symbolic-ref', '--short', 'HEAD')) ?? 'main',
          fork: false,
        },
        ...{
          allow_auto_merge: at.allowAutoMerge,
          allow_merge_commit: at.mergeMethods.includes('merge'),
          allow_squash_merge: at.mergeMethods.includes('squash'),
          allow_rebase_merge: at.mergeMethods.includes('rebase'),
        },
        ...{ archived: at.archived, permissions: { admin: at.mayPush, push: at.mayPush, pull: true } },
        ...{
          html_url: page(at, ''),
          clone_url: `${base()}/${at.owner}/${at.name}.git`,
          has_discussions: false,
        },
      }
    },
    pull: async (at, pull) =>
      pullShape(world, self, example('pulls/get'), at, pull, page(at, `/pull/${pull.number}`)),
    branch: (at, name, sha) => {
      const shape = example('repos/get-branch')
      const isProtected = at.requiredChecks.length > 0 && !at.rules.includes('required_status_checks')
      return {
        ...shape,
        ...{ name, protected: isProtected, commit: { ...(shape.commit as Shape), sha } },
        protection: {
          enabled: isProtected,
          required_status_checks: {
            enforcement_level: isProtected ? 'non_admins' : 'off',
            contexts: isProtected ? at.requiredChecks : [],
            checks: [],
          },
        },
      }
    },
    issue: (pull) => ({
      ...example('issues/update'),
      ...{
        number: pull.number,
        title: pull.title,
        body: pull.body,
        state: pull.state,
        user: user(pull.author),
      },
      ...{ assignees: pull.assignees.map(user), assignee: null, labels: pull.labels },
    }),
    comment: ({ author, body }, id) => ({
      ...example('issues/create-comment', '201'),
      ...{ id, user: user(author), body },
    }),
    reviewComment: ({ author, body, path, line, replyTo }, id) => {
      const { in_reply_to_id: _, ...shape } = example('pulls/list-review-comments')
      return {
        ...shape,
        ...{ id, user: user(author), body, path: path ?? 'a.js', line: line ?? 2, original_line: line ?? 2 },
        ...(replyTo === undefined ? {} : { in_reply_to_id: replyTo }),
      }
    },
    review: ({ author, state, sha, body = '' }, id) => ({
      ...example('pulls/list-reviews'),
      ...{ id, user: user(author), state, commit_id: sha, submitted_at: time, body },
    }),
    check: ({ name, sha, conclusion, summary, log }, id) => ({
      ...withApp(example('checks/create', '201'), log === undefined ? 'octoapp' : 'github-actions'),
      ...{ id, name, head_sha: sha, conclusion, status: conclusion === null ? 'in_progress' : 'completed' },
      output: {
        title: null,
        summary: summary ?? null,
        text: null,
        annotations_count: 0,
        annotations_url: page(repositoryAny(world), ''),
      },
    }),
    commit: async (at, sha) => {
      const tree = await git(world, at, 'rev-parse', `${sha}^{tree}`)
      if (tree === undefined) return undefined
      const shape = example('git/get-commit')
      const reason = world.verified ? 'valid' : 'unsigned'
      return {
        ...shape,
        ...{ sha, tree: { ...(shape.tree as Shape), sha: tree } },
        verification: { verified: world.verified, reason, signature: null, payload: null, verified_at: null },
      }
    },
    combined: () => example('repos/get-combined-status-for-ref'),
    simpleStatus: (status, id) => withoutCreator(self.status(status, id)),
    status: ({ state, context, description: said }, id) => ({
      ...example('repos/create-commit-status', '201'),
      ...{ id, state, context, description: said },
    }),
  }
  return self
}

function repositoryAny({ repositories }: World): PlayedRepository {
  const [first] = repositories
  if (first === undefined) throw new Error('there is no repository')
  return first
}

async function pullShape(
  world: World,
  self: Shapes,
  example: Shape,
  at: PlayedRepository,
  pull: PlayedPull,
  url: string,
): Promise<Shape> {
  const [owner = at.owner, branch = ''] = pull.head.split(/:(.*)/s)
  const from =
    world.repositories.find((one) => one.owner === owner && (one === at || one.name === at.name)) ?? at
  const sha = (await tipOf(world, from, branch)) ?? '0'.repeat(40)
  const baseSha = (await tipOf(world, at, pull.base)) ?? '0'.repeat(40)
  const clean = (await git(world, at, 'merge-tree', '--write-tree', baseSha, sha)) !== undefined
  const { parent: _, source: __, ...repo } = await self.repository(from)
  const label = example.labels as Shape[]
  return {
    ...example,
    ...{ number: pull.number, title: pull.title, body: pull.body, draft: pull.draft, state: pull.state },
    node_id: nodeIdOf(at, pull),
    ...{
      merged: pull.merged,
      merged_at: pull.merged ? time : null,
      closed_at: pull.state === 'open' ? null : time,
    },
    ...{
      html_url: url,
      user: self.user(pull.author),
      requested_teams: [],
      milestone: null,
      auto_merge: null,
    },
    ...{ assignees: pull.assignees.map(self.user), requested_reviewers: pull.reviewers.map(self.user) },
    ...{ labels: pull.labels.map((name) => ({ ...label[0], name })), mergeable: clean, rebaseable: clean },
    ...{ mergeable_state: clean ? 'clean' : 'dirty' },
    head: { ...(example.head as Shape), label: pull.head, ref: branch, sha, repo },
    base: {
      ...(example.base as Shape),
      label: `${at.owner}:${pull.base}`,
      ref: pull.base,
      sha: baseSha,
      repo: await self.repository(at),
    },
  }
}

function withApp(shape: Shape, slug: string): Shape {
  return { ...shape, app: { ...(shape.app as Shape), slug } }
}
