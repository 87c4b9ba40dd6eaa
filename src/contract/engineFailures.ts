import { failure } from './failure.ts'

/** What the container engine refuses, or loses. */
export const engineFailures = {
  engineNotFound: (tried: string) =>
    failure(
      'engine-not-found',
      `No container engine answers (tried ${tried}).`,
      'Start Docker or Podman, or point DOCKER_HOST at an engine; `npm run setup` installs one on Debian.',
    ),
  engineRefused: (what: string, detail: string) =>
    failure(
      'engine-refused',
      `The container engine refused to ${what}: ${detail.split('\n')[0]}`,
      'Run `drydock doctor` to see what the engine can do.',
      detail,
    ),
  engineLost: (detail: string) =>
    failure(
      'engine-lost',
      `The container of the checks or its engine went away in mid-run: ${detail.split('\n')[0]}`,
      'Check with `drydock doctor` that the engine keeps running and that nothing removes its containers, then retry.',
      detail,
    ),
  outOfMemory: (command: string, limitMb: number) =>
    failure(
      'out-of-memory',
      `\`${command}\` ran out of memory, twice: a container has ${limitMb} MB, and on the base that was enough.`,
      'Raise the limit with --memory-mb, or drydock.memoryMb in the editor, and retry.',
    ),
} as const
