import { z } from 'zod'
import { troubleReason } from '../../../contract/hostTrouble.ts'
import { remotePlace } from '../address.ts'
import type { HostConnection } from '../connection.ts'
import { type Host, HostRefusal, type HostRepository } from '../host.ts'
import { type Gitlab, type GitlabProject, openGitlab } from './client.ts'
import { followRequest, jobLog, resultsOf } from './follow.ts'
import { openRequest, openRequests } from './requests.ts'
import { answerThread, threadsOn } from './threads.ts'

const publicServer = 'https://gitlab.com'

/** The GitLab project behind a remote's URL; undefined where the server is none as far as we know. */
export function gitlabProject(remoteUrl: string, server?: string): GitlabProject | undefined {
  const place = remotePlace(remoteUrl)
  if (place === undefined || !place.path.includes('/')) return undefined
  const named = server ?? publicServer
  const hosts = server === undefined ? ['gitlab.com', 'altssh.gitlab.com'] : [new URL(named).hostname]
  return hosts.includes(place.host) ? { path: place.path, server: named } : undefined
}

const Access = z.object({ access_level: z.int() }).nullish()
const Project = z.object({
  path_with_namespace: z.string(),
  default_branch: z.string().nullish(),
  archived: z.boolean().optional(),
  permissions: z.object({ project_access: Access, group_access: Access }).nullish(),
})
const Branch = z.object({ protected: z.boolean(), can_push: z.boolean().optional() })
/** A developer's: the least that may push a branch. */
const developer = 30

/** A project at GitLab, through version 4 of its interface. */
export function gitlabHost(project: GitlabProject, connection: HostConnection): Host {
  let now = project
  const client = (): Gitlab => openGitlab(now, connection)
  let main = 'main'
  return {
    kind: 'gitlab',
    name: client().name,
    look: async (base) => {
      const found = await look(client(), base)
      now = { ...project, path: found.path }
      main = found.defaultBranch
      return found
    },
    openRequests: () => openRequests(client()),
    open: (wish) => openRequest(client(), wish, wish.base ?? main),
    follow: (number, kept) => followRequest(client(), number, kept),
    log: (job) => jobLog(client(), job),
    threads: (number, kept) => threadsOn(client(), number, kept),
    answer: (number, thread, text) => answerThread(client(), number, thread, text),
    results: (ref, kept) => resultsOf(client(), ref, kept),
    comment: async (number, body) => {
      await client().send('POST', `/merge_requests/${number}/notes`, { body }, z.unknown())
    },
    close: async (number) => {
      const state = z.object({ state: z.literal('closed') })
      await client().send('PUT', `/merge_requests/${number}`, { state_event: 'close' }, state)
    },
    result: async (commit, { name, conclusion, title }) => {
      const state = { success: 'success', failure: 'failed', neutral: 'pending' }[conclusion]
      const status = { name, state, description: title }
      try {
        await client().send('POST', `/statuses/${commit}`, status, z.unknown())
        return undefined
      } catch (error) {
        if (!(error instanceof HostRefusal)) throw error
        return `The result does not stand beside the commit: ${troubleReason(error.trouble)}.`
      }
    },
    signature: (commit) => signatureOf(client(), commit),
  }
}

async function look(gitlab: Gitlab, base: string | undefined): Promise<HostRepository> {
  const found = await gitlab.get('', {}, Project)
  const levels = [found.permissions?.project_access, found.permissions?.group_access]
  const level = Math.max(0, ...levels.map((access) => access?.access_level ?? 0))
  const defaultBranch = found.default_branch ?? 'main'
  const at = `/repository/branches/${encodeURIComponent(base ?? defaultBranch)}`
  const branch = await gitlab.get(at, {}, Branch).catch((error: unknown) => {
    if (error instanceof HostRefusal) return undefined
    throw error
  })
  const isClosed = branch?.protected === true && branch.can_push === false
  return {
    path: found.path_with_namespace,
    defaultBranch,
    archived: found.archived === true,
    mayPush: found.permissions === undefined || found.permissions === null ? undefined : level >= developer,
    rules: isClosed ? ['only some people may merge into it'] : [],
  }
}

const Signature = z.object({ verification_status: z.string().max(100) })

async function signatureOf(gitlab: Gitlab, commit: string) {
  try {
    const found = await gitlab.get(`/repository/commits/${commit}/signature`, {}, Signature)
    return { verified: found.verification_status === 'verified', reason: found.verification_status }
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    return error.trouble.kind === 'missing' ? { verified: false, reason: 'unsigned' } : undefined
  }
}
