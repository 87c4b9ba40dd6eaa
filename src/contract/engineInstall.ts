/** What a person installs to have a container engine. */
export interface EngineInstall {
  readonly system: string
  readonly what: string
  readonly page: string
}

const bySystem: Readonly<Record<string, EngineInstall>> = {
  darwin: {
    system: 'macOS',
    what: 'Docker Desktop or Podman',
    page: 'https://docs.docker.com/desktop/setup/install/mac-install/',
  },
  win32: {
    system: 'Windows',
    what: 'Docker Desktop with WSL 2, or Podman',
    page: 'https://docs.docker.com/desktop/setup/install/windows-install/',
  },
  linux: {
    system: 'Linux',
    what: 'Docker Engine or Podman',
    page: 'https://docs.docker.com/engine/install/',
  },
}

const elsewhere: EngineInstall = {
  system: 'this system',
  what: 'Docker or Podman',
  page: 'https://docs.docker.com/get-started/get-docker/',
}

/** By Node's name of the system that sessions run on. */
export function engineInstall(platform: string): EngineInstall {
  return bySystem[platform] ?? elsewhere
}

/** What to do where no engine answers on a machine of one's own. */
export function engineAdvice(platform: string): string {
  const { system, what } = engineInstall(platform)
  return `On ${system} install ${what} and start it; if one is installed, start it.`
}
