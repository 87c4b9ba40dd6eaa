import { type Environment, userGit } from './program.ts'
import { userSettings } from './remote.ts'
import type { Signing } from './repository.ts'

const patienceMs = 60_000
const wanted = '^(gpg\\.|user\\.signingkey$|commit\\.gpgsign$)'

/** Undefined where the user's git does not sign commits by itself. */
export async function signingOf(root: string, env: Environment): Promise<Signing | undefined> {
  const user = userGit(root, env)
  const asked = await user.run(['config', '--type=bool', '--get', 'commit.gpgsign'], { answers: [1, 128] })
  if (asked.stdout.toString('utf8').trim() !== 'true') return undefined
  return { settings: await userSettings(user, wanted), patienceMs }
}
