import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Environment, Git } from './program.ts'
import type { Signing } from './repository.ts'

/**
 * `git commit-tree` with the user's own key: openpgp, ssh or x509, as their git is set. Their agents are reached by
 * their own environment. Throws `signing-failed`.
 */
export async function commitSigned(
  git: Git,
  args: readonly string[],
  { input, env }: { readonly input: string; readonly env: Environment },
  { settings, patienceMs, signal }: Signing,
): Promise<string> {
  const patience = AbortSignal.timeout(patienceMs)
  const either = signal === undefined ? patience : AbortSignal.any([patience, signal])
  const given = Object.fromEntries(
    settings.flatMap(([key, value], at) => [
      [`GIT_CONFIG_KEY_${at}`, key],
      [`GIT_CONFIG_VALUE_${at}`, value],
    ]),
  )
  const variables = { ...env, ...given, GIT_CONFIG_COUNT: String(settings.length) }
  try {
    return await git.text([...args, '--gpg-sign'], { input, env: variables, signal: either })
  } catch (error) {
    if (signal?.aborted === true) throw failures.cancelled()
    const format = settings.findLast(([key]) => key.toLowerCase() === 'gpg.format')?.[1] ?? 'openpgp'
    if (patience.aborted)
      throw failures.signingFailed(format, `the key did not answer within ${Math.ceil(patienceMs / 1000)} s`)
    if (!(error instanceof DrydockError) || error.failure.code !== 'internal') throw error
    throw failures.signingFailed(
      format,
      wordsOf(error.failure.detail ?? error.failure.message),
      error.failure.detail,
    )
  }
}

/** What the signing program said last of why. */
function wordsOf(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\[GNUPG:\]/.test(line))
  const why = lines.find((line) =>
    /no such|not found|failed|can(no|')t|invalid|denied|passphrase|unusable|no (public|secret) key|pinentry/i.test(
      line,
    ),
  )
  return (why ?? lines[0] ?? 'it gave no reason')
    .replace(/^(fatal|error): /, '')
    .replace(/\.$/, '')
    .slice(0, 300)
}
