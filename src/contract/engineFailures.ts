import { failure } from './failure.ts'

const longest = 400

/** An engine may quote all that it was asked for. */
function firstLine(detail: string): string {
  const line = detail.split('\n', 1)[0] ?? ''
  return line.length > longest ? `${line.slice(0, longest / 2)} … ${line.slice(-longest / 2)}` : line
}

const startOne =
  'Start Docker or Podman, or point DOCKER_HOST at an engine; `npm run setup` installs one on Debian.'

/** What the container engine refuses, or loses. */
export const engineFailures = {
  /**
   * `place` is where this process runs, where that is not a machine of one's own; `chosen` what names the one engine
   * that was tried, such as a variable: then that is the likely cause, whatever the place.
   */
  engineNotFound: (
    tried: string,
    place?: { readonly name: string; readonly advice: string },
    chosen?: string,
  ) =>
    failure(
      'engine-not-found',
      `No container engine answers${place === undefined ? '' : ` in ${place.name}`} (tried ${tried}).`,
      [
        ...(chosen === undefined
          ? []
          : [`Only what ${chosen} names was tried: start that engine, correct ${chosen}, or unset it.`]),
        ...(place === undefined && chosen !== undefined ? [] : [place?.advice ?? startOne]),
      ].join(' Or: '),
    ),
  engineRefused: (what: string, detail: string) =>
    failure(
      'engine-refused',
      `The container engine refused to ${what}: ${firstLine(detail)}`,
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
