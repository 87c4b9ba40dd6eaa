import { APIError } from '@anthropic-ai/sdk'
import { troubleReason } from '../../contract/hostTrouble.ts'
import { openClient } from '../gateway/connection.ts'
import { openRepository } from '../git/userRepository.ts'
import { HostRefusal } from '../hosts/host.ts'
import { hostOf } from '../hosts/index.ts'
import { modelConnection } from '../modelConnection.ts'
import type { CommandContext } from './context.ts'
import { hostTokens } from './hostTokens.ts'

/** Whoever answers later than this has not answered. */
const patienceMs = 2_500

/** What somebody outside of this machine said when they were asked. */
export interface Answer {
  /** `unasked`: nobody was asked, for the reason that `said` gives. */
  readonly state: 'good' | 'bad' | 'unasked'
  readonly said: string
}

/** Asks the model's server for its models, with the key; it costs nothing. */
export async function modelAnswer({ env, signal }: CommandContext): Promise<Answer> {
  const connection = await modelConnection(env)
  if (connection.apiKey === undefined && connection.authToken === undefined)
    return { state: 'bad', said: 'none: no agent, no judge; set ANTHROPIC_API_KEY' }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    await openClient(connection, patienceMs).models.list({ limit: 1 }, { signal: limit })
    return { state: 'good', said: 'the server takes it' }
  } catch (error) {
    signal.throwIfAborted()
    const status = error instanceof APIError ? error.status : undefined
    if (status === 401 || status === 403) return { state: 'bad', said: `the server refuses it (${status})` }
    if (status === 404 || status === 405)
      return { state: 'unasked', said: 'there; the server answers and cannot be asked about it' }
    return status === undefined
      ? { state: 'bad', said: `the model's server did not answer within ${patienceMs / 1000} s` }
      : { state: 'bad', said: `the model's server answered ${status}` }
  }
}

/** Looks at this folder's repository at its host, as publishing would; reads only. */
export async function hostAnswer({ env, cwd, signal }: CommandContext): Promise<Answer> {
  const remote = (await openRepository(cwd, env).catch(() => undefined))?.remote
  if (remote === undefined) return { state: 'unasked', said: 'this folder has no remote to ask' }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const found = hostOf(remote.url, {}, hostTokens(env), { signal: limit, silentMs: patienceMs })
  if (found === undefined)
    return {
      state: 'unasked',
      said: `${remote.name} is at no host that we ask: a branch is pushed, and its text printed`,
    }
  if ('closed' in found)
    return { state: 'bad', said: `no token for ${found.closed}: a branch is pushed, no pull request opened` }
  try {
    const { path, mayPush } = await found.host.look(undefined)
    return mayPush === false
      ? { state: 'bad', said: `${path}: the token may not push` }
      : { state: 'good', said: `${path}: the token is taken${mayPush === true ? ' and may push' : ''}` }
  } catch (error) {
    signal.throwIfAborted()
    if (limit.aborted)
      return { state: 'bad', said: `${found.host.name} did not answer within ${patienceMs / 1000} s` }
    if (error instanceof HostRefusal) return { state: 'bad', said: troubleReason(error.trouble) }
    return { state: 'bad', said: `${found.host.name} could not be asked` }
  }
}
