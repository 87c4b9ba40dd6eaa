import { failures } from '../../contract/failures.ts'
import { headerNames, sideName } from './names.ts'

export type FileMode = '100644' | '100755'

export interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  /** What follows the second `@@`. */
  readonly heading: string
  /** With their first character, without their newline; `\ No newline…` lines included. */
  readonly lines: readonly string[]
}

/** One file of a patch, as its bytes say it. */
export interface Section {
  readonly path: string
  readonly status: 'added' | 'modified' | 'deleted'
  readonly oldMode?: FileMode
  readonly newMode?: FileMode
  /** Lines before the first hunk or the binary data, newline-free. */
  readonly header: readonly string[]
  readonly hunks: readonly Hunk[]
  /** The lines of a `GIT binary patch`. */
  readonly binary?: readonly string[]
}

/** Goes through the lines of a patch; `\n` alone ends a line. */
export class Lines {
  readonly #lines: readonly string[]
  #at = 0

  constructor(text: string) {
    if (text !== '' && !text.endsWith('\n')) throw refused('its last line has no end')
    this.#lines = text === '' ? [] : text.slice(0, -1).split('\n')
  }

  peek(): string | undefined {
    return this.#lines[this.#at]
  }

  next(): string {
    const line = this.#lines[this.#at]
    if (line === undefined) throw refused('it ends early')
    this.#at += 1
    return line
  }

  /** Number of the line that `next` would give, 1-based. */
  get number(): number {
    return this.#at + 1
  }
}

export function refused(why: string, line?: number) {
  return failures.patchRefused(line === undefined ? why : `${why} (line ${line})`)
}

/** Reads git's unified format strictly: what this reader does not know, it refuses. */
export function readSections(text: string): readonly Section[] {
  const lines = new Lines(text)
  const sections: Section[] = []
  while (lines.peek() !== undefined) sections.push(readSection(lines))
  return sections
}

interface Headers {
  readonly path: string
  readonly header: string[]
  status: Section['status']
  oldMode?: FileMode
  newMode?: FileMode
}

function readSection(lines: Lines): Section {
  const first = lines.next()
  if (!first.startsWith('diff --git '))
    throw refused('a file does not start with `diff --git`', lines.number - 1)
  const headers: Headers = { path: headerNames(first.slice(11)), header: [first], status: 'modified' }
  while (readExtendedHeader(lines, headers));
  if (headers.status === 'modified' && (headers.oldMode === undefined) !== (headers.newMode === undefined)) {
    throw refused('a mode changes from or to nothing', lines.number)
  }
  const body = readBody(lines, headers)
  if (headers.status === 'modified' && body.hunks.length === 0 && body.binary === undefined) {
    if (headers.newMode === undefined) throw refused(`nothing changes in ${JSON.stringify(headers.path)}`)
  }
  return { ...headers, ...body }
}

const modeHeaders = /^(old mode|new mode|new file mode|deleted file mode) ([0-7]+)$/
const indexHeader = /^index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: ([0-7]{6}))?$/
const refusedHeaders = /^(copy|rename|similarity|dissimilarity) /

/** One extended header; false where the body starts. */
function readExtendedHeader(lines: Lines, headers: Headers): boolean {
  const line = lines.peek()
  if (line === undefined) return false
  if (refusedHeaders.test(line)) throw refused('copies and renames are not allowed', lines.number)
  const mode = modeHeaders.exec(line)
  const index = indexHeader.exec(line)
  if (mode === null && index === null) return false
  if (mode !== null) takeMode(headers, mode[1] ?? '', regular(mode[2] ?? '', lines.number), lines.number)
  else if (index?.[3] !== undefined) regular(index[3], lines.number)
  headers.header.push(lines.next())
  return true
}

function takeMode(headers: Headers, kind: string, mode: FileMode, line: number): void {
  if (kind === 'old mode' || kind === 'deleted file mode') {
    if (headers.oldMode !== undefined) throw refused('a mode is given twice', line)
    headers.oldMode = mode
  } else {
    if (headers.newMode !== undefined) throw refused('a mode is given twice', line)
    headers.newMode = mode
  }
  if (kind === 'new file mode') headers.status = 'added'
  if (kind === 'deleted file mode') headers.status = 'deleted'
  const both = headers.oldMode !== undefined && headers.newMode !== undefined
  if (both && headers.status !== 'modified') throw refused('its modes contradict each other', line)
}

function regular(mode: string, line: number): FileMode {
  if (mode === '100644' || mode === '100755') return mode
  throw refused(`mode ${mode} is not a regular file's`, line)
}

type Body = Pick<Section, 'hunks' | 'binary'>

function readBody(lines: Lines, headers: Headers): Body {
  const line = lines.peek()
  if (line === undefined || line.startsWith('diff --git ')) return { hunks: [] }
  if (line === 'GIT binary patch') return { hunks: [], binary: readBinary(lines) }
  if (!line.startsWith('--- ')) throw refused('a header is not known', lines.number)
  checkSide(lines, headers, '--- ', 'a/', headers.status === 'added')
  checkSide(lines, headers, '+++ ', 'b/', headers.status === 'deleted')
  const hunks: Hunk[] = []
  while (lines.peek()?.startsWith('@@ ') === true) hunks.push(readHunk(lines))
  if (hunks.length === 0) throw refused('a file has names and no hunk', lines.number)
  checkHunks(headers, hunks, lines.number)
  return { hunks }
}

/** The `---` and `+++` names must be the header's, or /dev/null exactly where a side is absent. */
function checkSide(lines: Lines, headers: Headers, mark: string, prefix: string, absent: boolean): void {
  const number = lines.number
  const line = lines.next()
  if (!line.startsWith(mark)) throw refused(`\`${mark.trim()}\` is missing`, number)
  const name = sideName(line.slice(4))
  if (name !== (absent ? '/dev/null' : `${prefix}${headers.path}`))
    throw refused('its names disagree', number)
  headers.header.push(line)
}

const hunkHeader = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$/s

function readHunk(lines: Lines): Hunk {
  const number = lines.number
  const match = hunkHeader.exec(lines.next())
  if (match === null) throw refused('a hunk header is not well formed', number)
  const [oldStart = 0, oldLines = 1, newStart = 0, newLines = 1] = match.slice(1, 5).map((digits) => {
    return digits === undefined ? undefined : Number(digits)
  })
  const body: string[] = []
  let [old, now] = [oldLines, newLines]
  while (old > 0 || now > 0 || lines.peek()?.startsWith('\\ ') === true) {
    const line = lines.next()
    body.push(line)
    const kind = line === '' ? ' ' : line[0]
    if (kind === '\\' && body.length > 1) continue
    if (kind !== ' ' && kind !== '-' && kind !== '+')
      throw refused('a line of a hunk is not known', lines.number - 1)
    if (kind !== '+') old -= 1
    if (kind !== '-') now -= 1
    if (old < 0 || now < 0) throw refused('a hunk has more lines than it says', lines.number - 1)
  }
  return { oldStart, oldLines, newStart, newLines, heading: match[5] ?? '', lines: body }
}

function checkHunks(headers: Headers, hunks: readonly Hunk[], line: number): void {
  const [first] = hunks
  const whole = hunks.length === 1
  if (headers.status === 'added' && !(whole && first?.oldLines === 0))
    throw refused('an added file has old lines', line)
  if (headers.status === 'deleted' && !(whole && first?.newLines === 0)) {
    throw refused('a deleted file has new lines', line)
  }
}

const binaryStart = /^(literal|delta) (\d{1,10})$/
const base85 = /^[A-Za-z][0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]+$/

/** One or two blocks (forward, then reverse), each ended by an empty line. */
function readBinary(lines: Lines): readonly string[] {
  const read = [lines.next()]
  for (let blocks = 0; blocks < 2 && binaryStart.test(lines.peek() ?? ''); blocks += 1) {
    read.push(lines.next())
    while (base85.test(lines.peek() ?? '')) read.push(lines.next())
    if (lines.peek() !== '') throw refused('binary data is not well formed', lines.number)
    read.push(lines.next())
  }
  if (read.length < 3) throw refused('a binary change has no data', lines.number)
  return read
}
