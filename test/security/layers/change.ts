import type { Files } from '../../support/patches.ts'

/** A change in words, made real: the files before and after. */
export interface MadeChange {
  readonly before: Files
  readonly after: Files
}

const suite = `import { describe, expect, it } from 'vitest'
import { parse } from '../src/index'

describe('parse', () => {
  it('reads one', () => expect(parse('a')).toEqual(['a']))
  it('reads two', () => expect(parse('a b')).toEqual(['a', 'b']))
  it('reads three', () => {
    expect(parse('a b c')).toEqual(['a', 'b', 'c'])
  })
})
`
const source = 'export function parse(text: string): string[] {\n  return text.split(/\\s/)\n}\n'
const pytest =
  'from src import parse\n\n\ndef test_one():\n    assert parse("a") == ["a"]\n\n\ndef test_two():\n    assert parse("a b") == ["a", "b"]\n'
const junit =
  'class ParseTest {\n  @Test\n  void readsOne() {\n    assertEquals("a", parse("a"));\n  }\n\n  @Test\n  void readsTwo() {\n    assertEquals("b", parse("b"));\n  }\n}\n'

/** Builds what the words say of each path. Nothing here knows a case: only kinds of files and of words. */
export function madeChange(change: Readonly<Record<string, unknown>>): MadeChange {
  const before: Record<string, string> = {}
  const after: Record<string, string> = {}
  for (const [path, words] of Object.entries(change)) {
    if (typeof words !== 'string' || !/^[\w@.+()[\]-]+(\/|\.|$)/.test(path) || / /.test(path)) continue
    const target = /\bmoved to ([\w./@-]+\w)/.exec(words)?.[1]
    if (target !== undefined) {
      before[path] = startOf(path)
      after[target] = startOf(path).replaceAll("'../", `'${'../'.repeat(target.split('/').length - 1)}`)
      continue
    }
    const made = fileChange(path, words.replace(becomes, ' -> '))
    if (made.before !== undefined) before[path] = made.before
    if (made.after !== undefined) after[path] = made.after
  }
  return { before, after }
}

/** Ways to say that one thing becomes another. */
const becomes =
  /(?<!assert\w*) (?:(?:is|are|was|were) )?(?:renamed|replaced|changed|turned|lowered|raised|loosened|weakened)(?: to| by| with| into) (?=[\w('"`.@/-]*[(.'"`@\d])/i

interface Sides {
  readonly before: string | undefined
  readonly after: string | undefined
}

const isTest = (path: string) =>
  /(^|\/)(tests?|__tests__|spec)\/|\.(test|spec)\.|_test\.|(^|\/)test_/.test(path)

function startOf(path: string): string {
  if (/\.py$/.test(path))
    return isTest(path) && !/conftest/.test(path) ? pytest : 'def parse(text):\n    return text.split()\n'
  if (/\.(java|kt)$/.test(path)) return isTest(path) ? junit : 'class Parse {\n}\n'
  if (/\.[cm]?[jt]sx?$/.test(path)) return isTest(path) && /\.(test|spec)\./.test(path) ? suite : source
  if (/\.md$/.test(path)) return '# Parse\n\nSplits a text.\n'
  return ''
}

function fileChange(path: string, words: string): Sides {
  const start = startOf(path)
  if (/^(the )?(whole )?(test )?(file|suite)?s? ?(is |was |are )?(deleted|removed|gone)\b/i.test(words))
    return { before: start || 'x\n', after: undefined }
  if (/node_modules|\.cache|tsbuildinfo/.test(path)) return { before: undefined, after: `${words}\n` }
  if (/\.snap$|__snapshots__/.test(path)) return snapshotChange(words)
  if (/\.jsonc?$|(^|\/)\.(eslintrc|mocharc|babelrc|swcrc|nycrc|c8rc)$/.test(path))
    return jsonChange(path, words)
  if (words.startsWith('+')) return { before: start, after: appended(path, start, words.slice(1)) }
  return wordedChange(path, words, start) ?? clauseChange(path, words, start)
}

/** A line more, inside the suite where it is a test. */
function appended(path: string, start: string, line: string): string {
  if (start === suite && /^\s*(it|test|describe)\b/.test(line))
    return start.replace(/\}\)\n$/, `  ${line}\n})\n`)
  if (start === suite && /^\s*return\b/.test(line))
    return start.replace("'reads three', () => {", "'reads three', () => {\n    return")
  if (start === source && /^\s*(if|return)\b/.test(line))
    return start.replace('  return', `  ${line}\n  return`)
  return `${start}${line}\n${path.endsWith('.md') ? '' : ''}`
}

function snapshotChange(words: string): Sides {
  const [, changedText, totalText] = /(\d+|all)\s*(?:of|\/)\s*(\d+)/i.exec(words) ?? [undefined, 'all', '40']
  const total = Number(totalText)
  const changed = changedText === 'all' ? total : Number(changedText)
  const removed = /delet|remov|obsolete/i.test(words)
  const entry = (index: number, value: string) => `exports[\`x ${index} 1\`] = \`"${value}"\`;\n`
  const numbers = Array.from({ length: total }, (_, index) => index)
  const text = (entries: readonly string[]) => `// Jest Snapshot v1\n\n${entries.join('\n')}`
  return {
    before: text(numbers.map((index) => entry(index, 'old'))),
    after: text(
      numbers.flatMap((index) =>
        index < changed ? (removed ? [] : [entry(index, 'new')]) : [entry(index, 'old')],
      ),
    ),
  }
}

/** Things that words say without showing any code. */
function wordedChange(path: string, words: string, start: string): Sides | undefined {
  if (harmless.test(words) && start !== '')
    return { before: start, after: start.replaceAll("'", '"').replace(/^( +)/gm, '$1$1') }
  const counts = /(?:assert\w*|expect\w*(?:\(\))?)[^\d,]* (\d+) ?(?:->|→|to) ?(\d+)/i.exec(words)
  if (counts !== null)
    return { before: manyAssertions(Number(counts[1])), after: manyAssertions(Number(counts[2])) }
  if (isTest(path) && start !== '' && /\bwrapped\b|\b(try|catch)\b.*\baround\b/i.test(words))
    return { before: start, after: swallowed(start) }
  if (isTest(path) && start !== '' && /\b(emptied|hollowed|gutted|no longer asserts?)\b/i.test(words))
    return { before: start, after: emptied(start) }
  const counted = /(\d+) tests? (?:->|→) (\d+)/.exec(words)
  if (counted !== null) return { before: manyTests(Number(counted[1])), after: manyTests(Number(counted[2])) }
  const instead = /assert\w* (?:are |were )?(?:all )?replaced (?:by|with) (.+)$/i.exec(words)?.[1]
  if (instead !== undefined && start === suite)
    return { before: start, after: start.replace(/expect\(.*\)(?=\)|$)/gm, () => instead) }
  const code = /[{}();=]|->|→|@|\/\//.test(words)
  if (!isTest(path) || start === '' || code) return undefined
  const after = [
    [/assert\w*[^,]*(remov|delet|dropp|gone)|no assert|without assert/i, (text: string) => emptied(text)],
    [/comment/i, (text: string) => text.replace(/^( *)(it\(|def test_|@Test)/gm, '$1// $2')],
    [/(catch|swallow|try)/i, (text: string) => swallowed(text)],
    [
      /skip|disabled|ignored|pending/i,
      (text: string) =>
        text
          .replaceAll('  it(', '  it.skip(')
          .replaceAll('@Test', '@Disabled @Test')
          .replaceAll('def test_', '@pytest.mark.skip\ndef test_'),
    ],
    [/todo/i, (text: string) => text.replaceAll('  it(', '  it.todo(')],
    [/only/i, (text: string) => text.replace('  it(', '  it.only(')],
    [/mock/i, (text: string) => `${text}vi.mock('../src/index', () => ({ parse: () => [] }))\n`],
    [/exit/i, (text: string) => `${text}process.exit(0)\n`],
    [
      /weak|always|trivial|loos|tautolog/i,
      (text: string) => text.replace(/\.toEqual\([^\n]*?\)(?=\)|\n)/g, '.toBeDefined()'),
    ],
    [
      /(remov|delet|fewer|gone|missing)/i,
      (text: string) => text.replace(/^ {2}it\('reads two.*\n/m, '').replace(/\n\ndef test_two[\s\S]*/, '\n'),
    ],
  ] as const
  const found = after.find(([pattern]) => pattern.test(words))
  return found === undefined ? undefined : { before: start, after: found[1](start) }
}

/** Words of a change that leaves what is tested as it was. */
const harmless =
  /^(?!.*(->|→|[{};]))(?=.*\b(reformatted|formatting|prettier run|by prettier|whitespace|indentation|unchanged|untouched|import order|quotes only)\b)/i

function swallowed(text: string): string {
  return text.replace(/^( *)(expect\(.*|assert .*|assertEquals\(.*)$/gm, '$1try {\n$1$2\n$1} catch {}')
}

function manyAssertions(number: number): string {
  const each = (index: number) => `  expect(f(${index})).toBe(${index})\n`
  return `it('holds', () => {\n${Array.from({ length: number }, (_, index) => each(index)).join('')}})\n`
}

function manyTests(number: number): string {
  const each = (index: number) => `it('case ${index}', () => expect(f(${index})).toBe(${index}))\n`
  return Array.from({ length: number }, (_, index) => each(index)).join('')
}

function emptied(text: string): string {
  return text
    .replace(/\(\) => expect\(.*\)\)$/gm, '() => {})')
    .replace(/^ *expect\(.*\n/gm, '')
    .replace(/^( *)assert .*$/gm, '$1pass')
    .replace(/^ *assertEquals\(.*\n/gm, '')
}

interface Clause {
  readonly before: string | undefined
  /** Undefined where it goes. */
  readonly after: string | undefined
  readonly times: number
}

const numbers: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5, ten: 10 }

/** Words cut at commas outside of brackets and quotes; each says a thing that is new, or one that becomes another. */
function clauses(words: string): readonly Clause[] {
  return cut(words).map((part) => {
    const repeated =
      /^(.*?)\s*(?:[x×]\s*(\d+)|\+(\d+)|(?:in|on|from|to) (\d+|\w+)(?: (?:places?|files?|tests?|methods?|cases?))?|(\d+) times)$/.exec(
        part,
      )
    const count = repeated?.[2] ?? repeated?.[3] ?? repeated?.[4] ?? repeated?.[5]
    const times = count === undefined ? 1 : (numbers[count] ?? Number.parseInt(count, 10))
    const text = repeated !== null && !Number.isNaN(times) ? (repeated[1] ?? part) : part
    const many = Number.isNaN(times) ? 1 : times
    const gone = /^(.+?) (?:is |are |was |were )?(removed|deleted|dropped|gone|commented out)$/.exec(text)
    if (gone !== null) {
      const before = whole(gone[1] ?? '')
      return { before, after: gone[2] === 'commented out' ? `// ${before}` : undefined, times: many }
    }
    const [left, right] = text
      .replace(/ (?:is |are )?added$/, '')
      .split(/\s*(?:->|→|=>(?=\s*(?:off|on|true|false|\d)))\s*/)
    if (right === undefined) return { before: undefined, after: unquoted(left ?? ''), times: many }
    const labelled = /^[\w ]+: (\S+)$/.exec(left ?? '')?.[1]
    if (labelled !== undefined && /^[a-z]+[A-Z]\w+$/.test(right))
      return { before: labelled, after: right, times: many }
    const key = /^(?:.*:\s*)?(?=\S+$)/.exec(left ?? '')?.[0] ?? ''
    return {
      before: left ?? '',
      after:
        /[:\s]/.test(left ?? '') && !/[(:]/.test(right)
          ? `${key === '' ? (left ?? '').replace(/\S+$/, '') : key}${right}`
          : right,
      times: many,
    }
  })
}

/** A test that words name by its head alone. */
function whole(text: string): string {
  return /^(it|test)\((['"`]).*\2\)$/.test(text)
    ? `${text.slice(0, -1)}, () => expect(parse('')).toEqual([]))`
    : text
}

function unquoted(text: string): string {
  return text.replace(/^'([^']*)'$/, '$1')
}

const partners: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** `it( -> it.skip( in 3 places` opens brackets that never close. */
function closes(words: string, at: number, opening: string): boolean {
  return words.indexOf(partners[opening] ?? '', at) >= 0
}

function cut(words: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let part = ''
  for (const [at, character] of [...words].entries()) {
    if (quote !== '') quote = character === quote ? '' : quote
    else if (/["'`]/.test(character)) quote = character
    else if (/[([{]/.test(character)) depth += closes(words, at, character) ? 1 : 0
    else if (/[)\]}]/.test(character)) depth = Math.max(0, depth - 1)
    if (character === ',' && depth === 0 && quote === '') {
      parts.push(part.trim())
      part = ''
    } else part += character
  }
  return [...parts, part.trim()].filter((each) => each !== '')
}

/** Code and plain text: what becomes another thing is replaced where it stands, what is new is added. */
function clauseChange(path: string, words: string, start: string): Sides {
  const configuration = /\.(config|setup|workspace)\.\w+$|rc\.[cm]?js$/.test(path)
  let [before, after] = [start, start]
  if (configuration) {
    const all = clauses(words)
    const object = (values: readonly (string | undefined)[]) =>
      `export default {\n${values.flatMap((value) => (value === undefined ? [] : [`  ${assigned(value)},\n`])).join('')}}\n`
    return { before: object(all.map((each) => each.before)), after: object(all.map((each) => each.after)) }
  }
  for (const clause of /[{};]/.test(words) && !/->|→/.test(words)
    ? [{ before: undefined, after: words, times: 1 }]
    : clauses(words)) {
    const call = (text: string) => whole(/^expect\(.*\)\.[\w.]+$/.test(text) ? `${text}(1)` : text)
    const lines = (text = '') => (text === '' ? '' : `${call(text)}\n`.repeat(clause.times))
    if (clause.before === undefined && /^return\b/.test(clause.after ?? '') && start === suite)
      after = after.replace("'reads three', () => {", "'reads three', () => {\n    return")
    else if (clause.before === undefined) after += lines(clause.after)
    else if (start.includes(clause.before))
      after = replaced(after, clause.before, clause.after ?? '', clause.times)
    else [before, after] = [before + lines(clause.before), after + lines(clause.after)]
  }
  return {
    before,
    after: after === before ? `${after}${/\.(py|sh|ya?ml)$/.test(path) ? '#' : '//'} ${words}\n` : after,
  }
}

function assigned(value: string): string {
  return /^[\w.]+ \S/.test(value) && !value.includes(':') ? value.replace(' ', ': ') : value
}

function replaced(text: string, from: string, to: string, times: number): string {
  let [left, from_] = [text, 0]
  for (let done = 0; done < times; done += 1) {
    const at = left.indexOf(from, from_)
    if (at < 0) return left
    left = left.slice(0, at) + to + left.slice(at + from.length)
    from_ = at + to.length
  }
  return left
}

/** Keys of a JSON file set as the words say, `strict true -> false` and `scripts.test: "a" -> "b"` alike. */
function jsonChange(path: string, words: string): Sides {
  if (words.startsWith('+') && !words.startsWith('+"')) return jsonChange(path, words.slice(1).trim())
  const manifest = /(^|\/)package\.json$/.test(path)
  const [before, after]: [Json, Json] = manifest ? [packageJson(), packageJson()] : [{}, {}]
  for (const said of cut(words.replace(/^\+/, ''))) {
    // Remarks such as `as requested`.
    if (/^(as|in|for|because|by|with) /.test(said)) continue
    const part = said.replace(/^([\w.]+):? (?:is |was )?(?:newly )?added:? /, '$1: ').replace(/^added /, '')
    const [, key = part, rest = ''] = /^"?([\w.@/$-]+)"?\s*:?\s*(.*)$/s.exec(part) ?? []
    const inner = /^([\w@/-]+)\s+(\S+\s*(?:->|→).*)$/.exec(rest)
    const group = /^(dev|peer|optional)?[dD]ependencies$|^overrides$|^resolutions$/.test(key)
    const named = group ? /^"?([@\w/.-]+)"?\s*[:@ ]\s*"?([^"]+)"?$/.exec(rest) : null
    if (named !== null && !/->|→/.test(rest)) {
      set(after, [key, named[1] ?? ''], named[2])
      continue
    }
    const full = keyPath(path, inner === null ? key : `${key}.${inner[1]}`)
    const [left, right] = (inner?.[2] ?? rest).split(/\s*(?:->|→)\s*/)
    if (right === undefined) {
      if (/^(removed|deleted)$/.test(rest)) set(before, full, 'x')
      else set(after, full, value(left ?? ''))
    } else {
      set(before, full, value(left ?? ''))
      set(after, full, value(right))
    }
  }
  const print = (document: Json) => `${JSON.stringify(document, undefined, 2)}\n`
  return { before: print(before), after: print(after) }
}

type Json = { [key: string]: unknown }

function packageJson(): Json {
  return {
    name: 'fx',
    version: '1.0.0',
    scripts: { build: 'tsc', test: 'vitest run', lint: 'eslint .' },
    dependencies: { 'left-pad': '^1.0.0' },
  }
}

function keyPath(path: string, key: string): readonly string[] {
  if (/eslint/.test(path) && !/^(rules|extends|plugins|overrides|env|parser|root|ignorePatterns)\b/.test(key))
    return ['rules', key]
  const isOption =
    /tsconfig|jsconfig/.test(path) &&
    !/^(exclude|include|files|extends|references|compilerOptions)\b/.test(key)
  const [first = '', ...rest] = key.split('.')
  if (/(^|\/)package\.json$/.test(path)) {
    if (/^(pre|post)?(install|test|lint|build|pack|publish)$|^prepare$/.test(key)) return ['scripts', key]
    if (key === 'left-pad') return ['dependencies', key]
  }
  if (first === 'scripts') return [first, rest.join('.')]
  return isOption ? ['compilerOptions', first, ...rest] : [first, ...rest]
}

function value(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll("'", '"'))
  } catch {
    return text
  }
}

function set(document: Json, path: readonly string[], to: unknown): void {
  const [key = '', ...rest] = path
  if (rest.length === 0) document[key] = to
  else {
    const inner = document[key]
    const next: Json = typeof inner === 'object' && inner !== null ? (inner as Json) : {}
    document[key] = next
    set(next, rest, to)
  }
}
