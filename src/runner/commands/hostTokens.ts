import type { Environment } from '../git/program.ts'
import type { HostTokens } from '../hosts/index.ts'

/** Keys for code hosts, where the environment gives them. */
export function hostTokens(env: Environment): HostTokens {
  return {
    github: env.DRYDOCK_GITHUB_TOKEN ?? env.GITHUB_TOKEN ?? env.GH_TOKEN,
    gitlab: env.DRYDOCK_GITLAB_TOKEN ?? env.GITLAB_TOKEN,
  }
}
