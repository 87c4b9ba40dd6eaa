import { FindingList } from '../../../summarise/finding.ts'
import { coordinates, type MavenLine, type MavenPart } from './log.ts'

const MODEL = /^\s*\[(?:FATAL|ERROR)\] (.*)$/
/** ` @ line 12, column 9` or ` @ com.acme:shop:1.0, /w/pom.xml, line 12, column 9`, as a model error ends. */
const WHERE = /@ (?:\S+, )?(?:(\S+\.(?:xml|pom))?, ?)?line (\d+), column (\d+)/
const PROJECT = /^\s*The project (\S*) ?\((.+?)\) has \d+ errors?/
const UNRESOLVED =
  /(?:Could not find artifact|Could not transfer artifact|Failed to read artifact descriptor for|Failure to find|was not found in|No versions available for|Non-resolvable (?:parent|import) POM|The following artifacts could not be resolved:|Could not collect dependencies|'(?:dependencies|dependencyManagement|plugins|parent)[\w.]*' (?:for|must)|or one of its (?:plugin )?dependencies could not be resolved|has not been downloaded from it before|Cannot access \S+ \(\S+\) in offline mode|Blocked mirror for repositories)/
const LOCK_MOJO = /lock/

/** Unresolved artifacts, broken models and differences to a lock file. */
export class Dependencies implements MavenPart {
  readonly resolution = new FindingList()
  readonly lock = new FindingList()
  #pom: string | undefined
  #lockHeading = ''

  line({ level, text, number, mojo }: MavenLine): void {
    if (
      level !== 'ERROR' &&
      level !== undefined &&
      !(level === 'WARNING' && mojo && LOCK_MOJO.test(mojo.plugin))
    )
      return
    if (level !== undefined && mojo !== undefined && LOCK_MOJO.test(mojo.plugin)) this.#locked(text, number)
    if (level !== 'ERROR') return
    this.#pom = PROJECT.exec(text)?.[2] ?? this.#pom
    const model = MODEL.exec(text)?.[1] ?? text
    if (UNRESOLVED.test(model)) this.#unresolved(model.trim(), number)
    else if (this.#pom !== undefined && WHERE.test(model)) this.#unresolved(model.trim(), number)
  }

  #unresolved(text: string, number: number): void {
    const where = WHERE.exec(text)
    const pom = where?.[1] ?? this.#pom
    // The same is told twice; the second time with the name of the file.
    if (where !== null && pom === undefined) return
    const place = where === null || pom === undefined ? {} : { file: pom, line: Number(where[2]) }
    const message = text
      .replace(/\s*-> \[Help \d+\]\s*$/, '')
      .replace(/^Failed to execute goal (?:on|\S+) .*?: (?=Could|Fail)/, '')
    const missing = missingOf(message)
    if (missing.length === 0) this.resolution.add({ failure: { ...place, message } }, number)
    for (const artifact of missing) {
      const cause = missing.length > 2 ? message.slice(0, 200) : message
      this.resolution.add({ failure: { ...place, artifact, message: message.slice(0, 400) }, cause }, number)
    }
  }

  #locked(text: string, number: number): void {
    if (/^Failed to execute goal|^\s*at |^Please|^To see|^Re-run|^For more|^\[Help|^$/.test(text)) return
    const [artifact] = coordinates(text)
    if (artifact === undefined) {
      if (/:\s*$/.test(text)) this.#lockHeading = text.trim()
      return
    }
    const message =
      this.#lockHeading === '' || !/^\s/.test(text) ? text.trim() : `${this.#lockHeading} ${text.trim()}`
    this.lock.add(
      { failure: { artifact, message: message.replace(/:optional=\w+|@sha\d+:\S+/g, '') } },
      number,
    )
  }
}

/** The artifacts that a message calls missing: those behind the words, not the project or the parents. */
function missingOf(message: string): string[] {
  const listed = /could not be resolved: (.*?)(?:: (?:Could|Fail|Cannot)|$)/.exec(message)?.[1]
  const found = [
    ...(listed === undefined ? [] : coordinates(listed)),
    ...message.matchAll(
      /(?:Could not find artifact|transfer artifact|descriptor for|Failure to find|No versions available for|POM for|Cannot access \S+ \(\S+\) in offline mode and the artifact|' for) ([\w.-]+:[\w.-]+(?::[\w.-]+)*)/g,
    ),
  ].map((each) => (typeof each === 'string' ? each : (each[1] ?? '')))
  return [...new Set(found.map((each) => each.replace(/[.,:]+$/, '')))]
}
