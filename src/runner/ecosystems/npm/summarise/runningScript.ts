import type { StepName } from '../../../../contract/report.ts'

const STARTED = /^> (?:\S+@\S* |@?[\w./-]+ )?([\w:.-]+)(?: \/\S*)?$/
const FOLDER = /^(\S+) ([\w:.-]+)\$ /
const TURBO = /^(@?[\w./-]+):([\w.-]+): /

const TURBO_TASKS = /^(?:build|test|lint|typecheck|check|compile|dev)/
const TURBO_NEEDLES = [':build: ', ':test: ', ':lint: ', ':typecheck: ']

/** Which script runs, and prefixes that a workspace runner puts before its lines. */
export class RunningScript {
  readonly #prefixes = new Map<string, string>()
  #script: string | undefined
  #named = false
  /** Folder of the package whose line was stripped last, with a slash at its end. */
  folder = ''

  get step(): StepName | undefined {
    return this.#script === undefined ? undefined : stepOf(this.#script)
  }

  #recursive = false
  #turbo = false

  /** Sees a piece of the log before its lines: most have nothing to strip. */
  look(text: string): void {
    this.#recursive = text.includes('$ ')
    this.#turbo = TURBO_NEEDLES.some((needle) => text.includes(needle))
  }

  /** The line without the prefix of pnpm's or turbo's recursive runs. */
  strip(line: string): string {
    const first = line.charCodeAt(0)
    // Of the two lines that begin with `>`, the first names the script and the second is its command.
    if (first === 0x3e /* > */ && !this.#named) this.#script = STARTED.exec(line)?.[1] ?? this.#script
    else if (this.#recursive && line.length < 300 && line.includes('$ ')) this.#prefix(line)
    this.#named = first === 0x3e && !this.#named
    if (this.#prefixes.size === 0) return this.#turbo ? turbo(line) : line
    const end = line.indexOf(': ')
    const folder = end === -1 ? undefined : this.#prefixes.get(line.slice(0, end))
    this.folder = folder ?? ''
    return folder === undefined ? line : line.slice(end + 2)
  }

  #prefix(line: string): void {
    const match = FOLDER.exec(line)
    if (match?.[1] === undefined || match[2] === undefined || this.#prefixes.size > 500) return
    this.#prefixes.set(`${match[1]} ${match[2]}`, match[1] === '.' ? '' : `${match[1]}/`)
    this.#script ??= match[2]
  }
}

function turbo(line: string): string {
  const match = line.includes(': ') && line.length < 2_000 ? TURBO.exec(line) : null
  return match?.[2] !== undefined && TURBO_TASKS.test(match[2]) && !match[1]?.includes('.')
    ? line.slice(match[0].length)
    : line
}

function stepOf(script: string): StepName | undefined {
  if (/^(?:pre|post)?(?:test|spec|e2e|unit|coverage|jest|mocha|vitest)/.test(script)) return 'test'
  if (/lint|format|prettier|style/.test(script)) return 'lint'
  if (/build|compile|tsc|type|bundle|dist/.test(script)) return 'build'
  if (/install|prepare/.test(script)) return 'install'
  return undefined
}
