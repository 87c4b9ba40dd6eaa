import { type MavenLine, type MavenPart, shortName } from './log.ts'

/** What Maven says at the end about a goal or a project that failed. */
export interface FailedGoal {
  /** Empty where no goal ran: unresolved dependencies, a model that is not valid. */
  readonly plugin: string
  readonly goal: string
  readonly version: string
  readonly module: string
  /** Without boilerplate and stack frames. */
  readonly message: string[]
  readonly number: number
}

const GOAL =
  /^Failed to execute goal (?:([\w.-]+):([\w.-]+):([^\s:]+):([\w-]+) \([^)]*\) )?on project (\S+?): ?(.*)$/
/** Failures before any goal ran. */
const EARLY =
  /^(?:Failed to execute goal |Some problems were encountered while processing the POMs|The build could not read|Plugin \S+ or one of its (?:plugin )?dependencies could not be resolved|Non-resolvable |Error resolving version for plugin|Could not resolve dependencies|Unknown lifecycle phase|No plugin found for prefix|Could not find the selected project|Unresolveable build extension|Error executing Maven|Unable to parse configuration|The goal you specified requires a project|Error building POM|Internal error)/
const END =
  /^(?:To see the full stack trace|Re-run Maven using|For more information about the errors|After correcting the problems|\[Help \d+\])/
const BOILERPLATE =
  /^(?:Please refer to |To see the full stack trace|Re-run Maven|For more information|\[Help|Command was |-> \[Help)|^\s*at [\w.$/@<>]+\(|^\s*\.\.\. \d+ more|^\s*$/
/** The exception that carries a message, in front of it. */
const THROWN = /^(?:[\w$]+\.)+\w*(?:Exception|Error): /
const MOST_LINES = 600
const MOST_GOALS = 60

/** Reads the closing list of failures. */
export class FailedGoals implements MavenPart {
  readonly goals: FailedGoal[] = []
  #open = false

  line({ level, text, number }: MavenLine): void {
    if (level !== 'ERROR' && level !== undefined) {
      this.#open = false
      return
    }
    if (level === 'ERROR' && EARLY.test(text)) this.#start(text, number)
    else if (level === 'ERROR' && END.test(text)) this.#open = false
    else if (this.#open) this.#continue(text)
  }

  #start(text: string, number: number): void {
    const bare = text.replace(/\s*-> \[Help \d+\]\s*$/, '')
    const match = GOAL.exec(bare)
    const [, , artifact = '', version = '', goal = '', module = '', rest = bare] = match ?? []
    if (this.goals.length >= MOST_GOALS || this.#repeats(bare)) return
    this.goals.push({ plugin: shortName(artifact), goal, version, module, message: [], number })
    this.#open = true
    this.#continue(rest)
  }

  #repeats(text: string): boolean {
    return this.goals.some((goal) => goal.plugin === '' && goal.message[0] === text)
  }

  #continue(text: string): void {
    const message = this.goals.at(-1)?.message
    const line = text.replace(/\s*-> \[Help \d+\]\s*$/, '').trimEnd()
    if (message === undefined || BOILERPLATE.test(line)) return
    const isTold = message.includes(line) || message.includes(line.replace(THROWN, ''))
    if (message.length < MOST_LINES && !isTold) message.push(line.slice(0, 1_200))
  }
}
