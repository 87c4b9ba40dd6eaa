import type { GraphQLSchema } from 'graphql'
import { nodeIdOf } from './nodeId.ts'
import type { World } from './world.ts'

/** What GitHub's own schema refuses of a query, and the data where it refuses nothing. */
export interface GraphqlAnswer {
  readonly refused: readonly string[]
  /** What GitHub answers: where it says no, that stands in the body beside the status of success. */
  readonly body: { readonly data: unknown; readonly errors?: readonly object[] }
}

let known: Promise<GraphQLSchema> | undefined

/** GitHub's official schema; it is large, and read at the first query alone. */
async function schemaOf(): Promise<GraphQLSchema> {
  const [{ buildSchema }, { schema }] = await Promise.all([
    import('graphql'),
    import('@octokit/graphql-schema'),
  ])
  return buildSchema(schema.idl, { assumeValid: true })
}

/** Runs a query over the stand-in's state; whatever of it the schema does not have is refused. */
export async function queried(world: World, body: unknown): Promise<GraphqlAnswer> {
  const { graphql } = await import('graphql')
  known ??= schemaOf()
  const { query, variables } = body as { query: string; variables?: Record<string, unknown> }
  const result = await graphql({
    ...{ schema: await known, source: query, rootValue: rootOf(world) },
    ...(variables === undefined ? {} : { variableValues: variables }),
  })
  const errors = result.errors ?? []
  const said = errors.filter(({ originalError }) => originalError !== undefined)
  const data = result.data ?? null
  return {
    refused: errors.filter((error) => !said.includes(error)).map(({ message }) => message),
    body:
      said.length === 0
        ? { data }
        : { data, errors: said.map((one) => ({ type: 'UNPROCESSABLE', ...one.toJSON() })) },
  }
}

function rootOf({ repositories }: World) {
  return {
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const at = repositories.find((one) => one.owner === owner && one.name === name)
      return at === undefined
        ? null
        : {
            pullRequest: ({ number }: { number: number }) => ({
              reviewThreads: () => ({
                pageInfo: { hasNextPage: false, endCursor: null },
                nodes: threads(at.reviewComments, number),
              }),
            }),
          }
    },
    enablePullRequestAutoMerge: ({ input }: { readonly input: AutoMergeInput }) =>
      mergedLater(repositories, input),
  }
}

interface AutoMergeInput {
  readonly pullRequestId: string
  readonly mergeMethod: 'MERGE' | 'SQUASH' | 'REBASE'
}

/** GitHub's own words where it does not. */
function mergedLater(repositories: World['repositories'], { pullRequestId, mergeMethod }: AutoMergeInput) {
  const found = repositories
    .flatMap((at) => at.pulls.map((pull) => ({ at, pull })))
    .find(({ at, pull }) => nodeIdOf(at, pull) === pullRequestId)
  if (found === undefined)
    throw new Error(`Could not resolve to a node with the global id of '${pullRequestId}'`)
  const { at, pull } = found
  if (!at.allowAutoMerge) throw new Error('Pull request Auto merge is not allowed for this repository')
  const wanted = ({ MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' } as const)[mergeMethod]
  if (!at.mergeMethods.includes(wanted))
    throw new Error(`Merge method ${wanted} merging is not allowed on this repository`)
  if (pull.draft) throw new Error('Pull request is in draft state')
  if (at.requiredChecks.length === 0) throw new Error('Pull request is in clean status')
  pull.autoMerge = wanted
  return { pullRequest: { autoMergeRequest: { enabledAt: '2026-01-02T03:04:05Z' } } }
}

function threads(comments: World['repositories'][number]['reviewComments'], number: number) {
  return comments.flatMap((one, at) =>
    one.number === number && one.replyTo === undefined
      ? [
          {
            isResolved: one.resolved === true,
            comments: () => ({ nodes: [{ databaseId: at + 1 }] }),
          },
        ]
      : [],
  )
}
