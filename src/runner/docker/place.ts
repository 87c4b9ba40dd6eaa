/** Where this process runs, as far as that decides which engine can be reached. */
export interface Place {
  readonly name: string
  /** Which engine is meant there, and which is out of reach. */
  readonly engine: string
  /** What to do where none answers. */
  readonly advice: string
}

interface Where {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** Whether a path is there. */
  readonly exists: (path: string) => Promise<boolean>
}

/** Undefined on a machine of one's own: its engine is meant. */
export async function placeOf({ env, platform, exists }: Where): Promise<Place | undefined> {
  if (env.CODESPACES === 'true') return devContainer('a codespace')
  if (env.REMOTE_CONTAINERS === 'true' || env.DEVCONTAINER) return devContainer('a dev container')
  if (platform !== 'linux') return undefined
  if (env.WSL_DISTRO_NAME) return wsl(env.WSL_DISTRO_NAME)
  if ((await exists('/.dockerenv')) || (await exists('/run/.containerenv'))) return container
  if (env.SSH_CONNECTION) return remote
  return undefined
}

const container: Place = {
  name: 'a container',
  engine: 'an engine whose socket is mounted here; the machine’s own is out of reach otherwise',
  advice: 'Mount the socket of an engine into this container, or run Drydock on the machine itself.',
}

const devContainer = (name: string): Place => ({
  name,
  engine:
    'an engine whose socket is mounted here, or one that runs inside; the machine’s own is out of reach otherwise',
  advice:
    'Add the feature docker-outside-of-docker (the machine’s engine) or docker-in-docker (one inside) to devcontainer.json and rebuild, or open the folder on the machine itself.',
})

const wsl = (distribution: string): Place => ({
  name: `WSL (${distribution})`,
  engine:
    'one of this distribution, or Docker Desktop’s where its WSL integration is on; the named pipes of Windows are out of reach',
  advice: `Turn on Docker Desktop’s integration for ${distribution} (Settings, Resources, WSL integration), or start an engine in it.`,
})

const remote: Place = {
  name: 'a machine reached by SSH',
  engine: 'the engine of this machine, not of the one in front of you',
  advice: 'Start an engine on this machine, or point DOCKER_HOST at one that it can reach.',
}
