import { type AuthenticationSession, authentication, type SecretStorage } from 'vscode'
import { failures } from '../contract/failures.ts'
import type { CampaignRequest, RunInput, RunSecrets } from '../contract/runRequest.ts'
import type { SessionView } from '../contract/sessionView.ts'
import type { Walkthrough } from './walkthrough.ts'

const keyName = 'drydock.anthropicApiKey'
const scopes = ['repo']

/** The key of the model and the sign-in at GitHub; neither is ever written anywhere but in the editor's own storage. */
export interface Secrets {
  /** Keeps the key; forgets it where `key` is undefined. */
  setKey(key: string | undefined): Promise<void>
  /** Whether a key is kept, or stands in the environment. */
  hasKey(): Promise<boolean>
  /** Whether a token is there without asking anybody. */
  isSignedIn(): Promise<boolean>
  /** Asks the person to sign in where they are not. */
  signIn(): Promise<string>
  /** What one request needs: the key where a model may be asked, the token where a pull request is opened. */
  of(request: RunInput['request']): Promise<RunSecrets>
  /** Tells the walkthrough what is there. */
  tell(): Promise<void>
}

export interface SecretsOptions {
  readonly storage: SecretStorage
  readonly env: NodeJS.ProcessEnv
  /** What is known of the session that a request names. */
  readonly session: (id: string) => Promise<SessionView>
  readonly walkthrough: Walkthrough
}

export function openSecrets({ storage, env, session, walkthrough }: SecretsOptions): Secrets {
  const tell = async (): Promise<void> => {
    walkthrough.tell('hasKey', await hasKey())
    walkthrough.tell('signedIn', (await silentToken()) !== undefined)
  }
  const hasKey = async (): Promise<boolean> =>
    Boolean((await storage.get(keyName)) ?? (env.ANTHROPIC_API_KEY || env.ANTHROPIC_AUTH_TOKEN))
  return {
    tell,
    hasKey,
    isSignedIn: async () => (await silentToken()) !== undefined,
    async setKey(key) {
      await (key === undefined ? storage.delete(keyName) : storage.store(keyName, key))
      await tell()
    },
    async signIn() {
      const { account } = await asked()
      await tell()
      return account.label
    },
    async of(request) {
      if (request.do === 'reject') return {}
      if (request.do === 'campaign') return ofCampaign(request, await storage.get(keyName))
      if (request.do === 'sync') {
        // Nobody asked for it, so nobody is asked.
        const token = isAtGithub(await session(request.session)) ? await silentToken() : undefined
        return token === undefined ? {} : { githubToken: token }
      }
      if (request.do !== 'publish') {
        const anthropicApiKey = await storage.get(keyName)
        const key = anthropicApiKey === undefined ? {} : { anthropicApiKey }
        // A check at the host is read with the person's token.
        const reads =
          request.do === 'follow-up' && request.checks && isAtGithub(await session(request.session))
        return reads ? { ...key, githubToken: (await asked()).accessToken } : key
      }
      if (!isAtGithub(await session(request.session))) return {}
      const { accessToken } = await asked()
      return { githubToken: accessToken }
    },
  }
}

/** What it begins asks a model, and may open pull requests by itself; nobody is asked to sign in for that. */
async function ofCampaign({ action }: CampaignRequest, key: string | undefined): Promise<RunSecrets> {
  if (action === 'pause' || action === 'cancel') return {}
  const token = await silentToken()
  return {
    ...(key === undefined ? {} : { anthropicApiKey: key }),
    ...(token === undefined ? {} : { githubToken: token }),
  }
}

/** Asks the person to sign in. Throws `cancelled` where they went away: whoever closed a window knows that they did. */
async function asked(): Promise<AuthenticationSession> {
  try {
    return await authentication.getSession('github', scopes, { createIfNone: true })
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
    if (name === 'Canceled' || /did not consent|cancell?ed/i.test(message)) throw failures.cancelled()
    throw error
  }
}

async function silentToken(): Promise<string | undefined> {
  const found = await authentication
    .getSession('github', scopes, { silent: true })
    .then(undefined, () => undefined) // an editor without a provider
  return found?.accessToken
}

/** A remote elsewhere gets a branch only, and no token of GitHub's. */
function isAtGithub({ task }: SessionView): boolean {
  if (task.settings.githubApiUrl !== undefined) return true
  return /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?(?:www\.|ssh\.)?github\.com[:/]/i.test(
    task.repository.remote?.url ?? '',
  )
}
