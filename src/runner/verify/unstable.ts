import type { Report, TestResult } from '../../contract/report.ts'
import { stablePart } from './stable.ts'
import { isFile } from './testFile.ts'

/**
 * Tests of the base that its second run did not name again although it ran their file: a date, a port or a random value
 * is part of their names.
 */
export function unstableTests(base: Report, again: Report | undefined): ReadonlySet<string> {
  if (again?.testsNamed !== true) return new Set()
  const named = new Set(again.tests.map(({ id }) => id))
  const ran = new Set(again.tests.filter((test) => !isFile(test)).map(({ file }) => file))
  const lost = base.tests.filter((test) => !isFile(test) && !named.has(test.id) && ran.has(test.file))
  return new Set(lost.map(({ id }) => id))
}

/**
 * The unstable ones with those whose name came back by chance, such as a process id, in a file whose other names did
 * not: tests that are missing in `tests`, where as many unknown ones have the same stable part.
 */
export function withChance(
  base: readonly TestResult[],
  unstable: ReadonlySet<string>,
  tests: readonly TestResult[],
): ReadonlySet<string> {
  if (unstable.size === 0) return unstable
  const files = new Set(base.filter(({ id }) => unstable.has(id)).map(({ file }) => file))
  const [known, there] = [base, tests].map((all) => new Set(all.map(({ id }) => id)))
  const missing = base.filter(
    (test) =>
      !isFile(test) && files.has(test.file) && !unstable.has(test.id) && there?.has(test.id) === false,
  )
  const unknown = tests.filter((test) => !isFile(test) && known?.has(test.id) === false)
  const partners = grouped(unknown, ({ id }) => stablePart(id))
  const chance = [...grouped(missing, ({ id }) => stablePart(id))].flatMap(([part, here]) =>
    partners.get(part)?.length === here.length ? here : [],
  )
  return new Set([...unstable, ...chance.map(({ id }) => id)])
}

type Key = (test: TestResult) => string

function grouped(tests: readonly TestResult[], key: Key): ReadonlyMap<string, readonly TestResult[]> {
  const groups = new Map<string, TestResult[]>()
  for (const test of tests) groups.set(key(test), [...(groups.get(key(test)) ?? []), test])
  return groups
}

/** Tests under one key, each with its partner in their order. */
function inOrder(
  unstable: readonly TestResult[],
  unknown: readonly TestResult[],
  key: Key,
  fits: (here: number, there: number) => boolean,
): ReadonlyMap<string, TestResult> {
  const there = grouped(unknown, key)
  const pairs = [...grouped(unstable, key)].flatMap(([name, here]) => {
    const found = there.get(name) ?? []
    if (!fits(here.length, found.length)) return []
    return here.slice(0, found.length).map((test, at) => [test.id, found[at] as TestResult] as const)
  })
  return new Map(pairs)
}

/**
 * The partner of each unstable test in another run, by id: the test of the same file whose name has the same stable
 * part; else, where a file has as many unknown tests as unstable ones are left, the one in the same place.
 */
export function pairUnstable(
  base: readonly TestResult[],
  unstable: ReadonlySet<string>,
  tests: readonly TestResult[],
): ReadonlyMap<string, TestResult> {
  if (unstable.size === 0) return new Map()
  const known = new Set(base.map(({ id }) => id))
  const wanted = base.filter(({ id }) => unstable.has(id))
  // An unstable name may come back by chance: then it is its own partner.
  const same = new Map(tests.filter(({ id }) => unstable.has(id)).map((test) => [test.id, test]))
  const unknown = tests.filter((test) => !known.has(test.id) && !isFile(test))
  const open = wanted.filter(({ id }) => !same.has(id))
  const byName = inOrder(
    open,
    unknown,
    ({ id }) => stablePart(id),
    () => true,
  )
  const taken = new Set([...byName.values()].map(({ id }) => id))
  const byPlace = inOrder(
    open.filter(({ id }) => !byName.has(id)),
    unknown.filter(({ id }) => !taken.has(id)),
    ({ file }) => file ?? '',
    (here, there) => here === there,
  )
  return new Map([...same, ...byName, ...byPlace])
}
