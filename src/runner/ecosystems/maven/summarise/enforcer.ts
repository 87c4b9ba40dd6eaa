import { type Finding, FindingList } from '../../../summarise/finding.ts'
import { coordinates, groupArtifact, type MavenLine, type MavenPart } from './log.ts'

const RULE = /^Rule (\d+): (\S+)(?: \([^)]*\))? failed with message:?\s*(.*)$/
const CONVERGENCE =
  /^(?:Dependency convergence error for|Failed while enforcing|Require upper bound dependencies error for)/i
const POINTS_ABOVE = /^Failed while enforcing \w+.*\bSee above\b/i
const MOST_BODY = 3_000

interface Rule {
  /** `DependencyConvergence`. */
  readonly name: string
  readonly number: number
  readonly body: string[]
}

function isPointer({ body }: Rule): boolean {
  return POINTS_ABOVE.test(body[0] ?? '')
}

/** Rules of the enforcer plugin that failed, with the artifacts they name. */
export class EnforcerRules implements MavenPart {
  readonly #rules: Rule[] = []
  #open: Rule | undefined

  line({ level, text, number, mojo }: MavenLine): void {
    const match = level === 'ERROR' || level === 'WARNING' ? RULE.exec(text) : null
    if (match !== null) this.#start(match, number)
    else if (level === 'INFO' || /^-> \[Help|^To see the full stack trace|^Failed to execute goal/.test(text))
      this.#open = undefined
    else if (this.#open !== undefined) this.#keep(text)
    else if (mojo?.plugin === 'enforcer' && CONVERGENCE.test(text)) {
      this.#open = { name: 'DependencyConvergence', number, body: [text] }
      this.#rules.push(this.#open)
    }
  }

  #start(match: RegExpExecArray, number: number): void {
    const name = match[2]?.split('.').at(-1) ?? ''
    this.#open = { name, number, body: [] }
    this.#rules.push(this.#open)
    if (match[3]) this.#keep(match[3])
  }

  #keep(text: string): void {
    const body = this.#open?.body
    if (body !== undefined && body.length < MOST_BODY && text.trim() !== '' && text !== '-> [Help 1]')
      body.push(text)
  }

  /** One finding an artifact, or one a rule that names none. */
  findings(): FindingList {
    const list = new FindingList()
    // A rule's own last word points at what it has printed by then.
    const pointsAbove = (rule: Rule) =>
      isPointer(rule) && this.#rules.some((one) => one.name === rule.name && !isPointer(one))
    for (const rule of this.#rules)
      if (!pointsAbove(rule)) for (const finding of findingsOf(rule)) list.add(finding, rule.number)
    return list
  }
}

/** Lines of a rule's message that name an artifact at fault, each with what else it tells. */
const AT_FAULT = [
  /(?:convergence error for|bound dependencies error for) ([^\s]+)/i,
  /Found Banned Dependency: (\S+)/,
  /^\s*(\S+) <--- banned/,
  /^\s{2,}(\S+:\S+:\S+)$/,
]

function artifactsOf(body: readonly string[]): { artifact: string; line: string }[] {
  for (const pattern of AT_FAULT.slice(0, 3)) {
    const found = body.flatMap((line) => {
      const artifact = pattern.exec(line)?.[1]
      return artifact === undefined ? [] : [{ artifact, line: line.trim() }]
    })
    if (found.length > 0) return found
  }
  const listed = body
    .filter((line) => AT_FAULT[3]?.test(line))
    .map((line) => ({ artifact: line.trim(), line: line.trim() }))
  if (listed.length > 0) return listed
  return body
    .flatMap((line) =>
      coordinates(line)
        .slice(0, 1)
        .map((artifact) => ({ artifact, line: line.trim() })),
    )
    .slice(0, 10)
}

function findingsOf(rule: Rule): Finding[] {
  const found = artifactsOf(rule.body)
  if (found.length === 0) {
    const message = `${rule.name}: ${rule.body[0]?.trim() ?? 'failed'}`
    return [{ failure: { rule: rule.name, message }, detail: rule.body.slice(1, 8) }]
  }
  return found.map(({ artifact, line }) => ({
    failure: { artifact, rule: rule.name, message: `${rule.name}: ${shorter(line)}` },
    detail: pathsTo(rule.body, artifact),
  }))
}

function shorter(line: string): string {
  return line.replace(/ paths to dependency are:.*$/, '')
}

/** Who brings an artifact, and in which versions: the ends of the paths that the rule lists. */
function pathsTo(body: readonly string[], artifact: string): string[] {
  const start = body.findIndex((line) => line.includes(artifact))
  const name = groupArtifact(artifact)
  const versions = new Set<string>()
  for (let i = start + 1, parent = ''; i < body.length; i += 1) {
    const line = body[i] ?? ''
    if (/ error for /.test(line)) break
    if (line.includes(`${name}:`))
      versions.add(`${line.replace(/^[\s+|\\-]*/, '')} via ${parent || 'the project'}`)
    else parent = line.replace(/^[\s+|\\-]*/, '')
  }
  return [...versions].slice(0, 4)
}
