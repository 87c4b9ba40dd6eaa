import path from 'node:path'
import { Parser } from 'tap-parser'
import type { ResultLine } from '../../../contract/resultLine.ts'

type Events = readonly (readonly [string, ...unknown[]])[]

interface Point {
  readonly ok: boolean
  readonly name: string
  readonly skip: boolean | string
  readonly todo: boolean | string
  readonly time: number | null
  readonly diag: unknown
  /** It closes the subtest before it. */
  readonly closingTestPoint: boolean
}

/** Where a document comes from. */
export interface TapSource {
  /** Name of its package, where there are several. */
  readonly label?: string
  /** Folder its runner was started in. */
  readonly folder?: string
}

const messageChars = 2_000

function messageOf({ name, diag }: Point): string {
  const { message, error, stack } = Object(diag) as Record<string, unknown>
  const said = [message, error].find((one) => typeof one === 'string') ?? name
  return [said, stack]
    .filter((one) => typeof one === 'string')
    .join('\n')
    .slice(0, messageChars)
}

function outcomeOf(points: readonly Point[]): ResultLine['outcome'] {
  const real = points.filter(({ skip, todo }) => skip === false && todo === false)
  if (real.some(({ ok }) => !ok)) return 'failed'
  if (real.length > 0) return 'passed'
  return points.some(({ todo }) => todo !== false) ? 'todo' : 'skipped'
}

const isFile = (name: string | undefined) => name !== undefined && /^\S+\.[cm]?[jt]sx?$/.test(name)

/** node-tap and node:test make a subtest of each file. */
function placeOf(titles: readonly string[], { folder }: TapSource): { file?: string; titles: string[] } {
  const [first, ...rest] = titles
  if (first === undefined || !isFile(first)) return { titles: [...titles] }
  if (path.posix.isAbsolute(first)) return { file: first, titles: rest }
  return folder === undefined
    ? { titles: [...titles] }
    : { file: path.posix.resolve(folder, first), titles: rest }
}

function lineOf(titles: readonly string[], points: readonly Point[], source: TapSource): ResultLine {
  const { file, titles: names } = placeOf(titles, source)
  const outcome = outcomeOf(points)
  const failed = points.find(({ ok, skip, todo }) => !ok && skip === false && todo === false)
  return {
    ...(file === undefined ? (source.folder === undefined ? {} : { folder: source.folder }) : { file }),
    suite: [...(source.label === undefined ? [] : [source.label]), ...names.slice(0, -1)],
    title: names.at(-1) ?? '',
    outcome,
    durationMs: Math.max(0, ...points.map(({ time }) => time ?? 0)),
    ...(failed === undefined ? {} : { message: messageOf(failed) }),
  }
}

const commentOf = (data: unknown) => String(data).replace(/^#\s*/, '').trim()
const isCount = (comment: string) =>
  /^(tests|suites|pass|fail|ok|skip|skipped|todo|cancelled|failed|time|duration_ms)\b/.test(comment)

/** Whether the level above has named the test that a point stands for. */
function isTest(point: Point, comment: string | undefined, level: Events): boolean {
  if (comment === `Subtest: ${point.name}`) return true
  const excused = point.skip !== false || point.todo !== false
  return excused && level.some(([kind]) => kind === 'child')
}

/**
 * Tests of one level. A subtest without subtests is a test, and so are its assertions together; flat documents name a
 * test in the comment before its assertions, or each assertion is one.
 */
function* testsOf(level: Events, titles: readonly string[], source: TapSource): Generator<ResultLine> {
  const loose = new Map<string | undefined, Point[]>()
  let comment: string | undefined
  let child: Events | undefined
  let tests = 0
  for (const [kind, data] of level) {
    if (kind === 'comment') {
      const said = commentOf(data)
      if (!isCount(said)) comment = said
    } else if (kind === 'child') child = data as Events
    if (kind !== 'assert') continue
    const point = data as Point
    if (point.closingTestPoint && child !== undefined) {
      tests += 1
      yield* subtest(child, point, titles, source)
      child = undefined
    } else if (isTest(point, comment, level)) {
      tests += 1
      yield lineOf([...titles, point.name], [point], source)
    } else {
      const title = titles.length > 0 || tests > 0 ? undefined : (comment ?? point.name)
      loose.set(title, [...(loose.get(title) ?? []), point])
    }
  }
  for (const [title, points] of loose) {
    yield lineOf(title === undefined ? [...titles, ...(tests > 0 ? [''] : [])] : [title], points, source)
  }
}

function* subtest(
  level: Events,
  point: Point,
  titles: readonly string[],
  source: TapSource,
): Generator<ResultLine> {
  const inside = [...testsOf(level, [...titles, point.name], source)]
  yield* inside
  // Without an assertion, or failed by something else than what is in it: a hook, a plan, its process.
  const explained = point.ok ? inside.length > 0 : inside.some(({ outcome }) => outcome === 'failed')
  if (!explained) yield lineOf([...titles, point.name], [point], source)
}

function eventsOf(document: string): Events {
  try {
    return Parser.parse(document) as unknown as Events
  } catch {
    // Values in it may be such that the parser cannot make them: then it names nothing.
    return []
  }
}

/** Tests of one document of Test Anything Protocol; none where it is not whole. */
export function tapTests(document: string, source: TapSource): ResultLine[] {
  const events = eventsOf(document)
  const whole = events.some(([kind]) => kind === 'plan')
  return whole ? [...testsOf(events, [], source)] : []
}
