import fc from 'fast-check'
import { z } from 'zod'

/** What the new version of the library does to the project. */
export const changes = [
  'clean',
  'behaviour',
  'rename',
  'throws',
  'types',
  'build',
  'lint',
  'exits',
  'launcher',
  'fewer',
  'already failing',
  'already failing and broken',
  'unstable names',
  'unstable names and broken',
] as const
export const managers = ['npm', 'pnpm', 'yarn1', 'yarn4', 'maven'] as const
export const runners = [
  'node',
  'mocha',
  'jest',
  'tape',
  'ava',
  'uvu',
  'jasmine',
  'printed',
  'assert',
  'none',
  'junit4',
  'junit5',
] as const
export const pins = [
  'caret',
  'tilde',
  'exact',
  'minor',
  'override',
  'override in dots',
  'override by glob',
  'override elsewhere',
  'nested override',
  'nested',
  'peer',
  'catalog',
  'alias',
  'literal',
  'property',
  'managed',
  'own property',
  'profile',
] as const

/** One project and one update of it: a point in the space that seeds are drawn from. */
export const Choice = z.strictObject({
  manager: z.enum(managers),
  change: z.enum(changes),
  shape: z.enum(['single', 'workspaces', 'below']),
  /** Members of the workspace that use the library. */
  users: z.enum(['one', 'all']),
  /** Whether the root of a workspace has scripts of its own. */
  rootScripts: z.boolean(),
  pin: z.enum(pins),
  runner: z.enum(runners),
  tool: z.enum(['direct', 'chained', 'run-s', 'turbo', 'masked', 'before', 'variable']),
  language: z.enum(['cjs', 'esm', 'ts', 'ts without build', 'java']),
  group: z.enum(['dependencies', 'devDependencies']),
  lock: z.boolean(),
  /** Tests that use the library, and tests that do not. */
  using: z.int().positive(),
  apart: z.int().nonnegative(),
})
export type Choice = z.infer<typeof Choice>

const often = <T>(...weighted: readonly (readonly [number, T])[]): fc.Arbitrary<T> =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })))

/** Everything but manager and change, which every row of seeds goes through in turn. */
const rest = fc.record({
  shape: often<Choice['shape']>([6, 'single'], [4, 'workspaces'], [1, 'below']),
  users: fc.constantFrom('one' as const, 'all' as const),
  rootScripts: fc.boolean(),
  pin: fc.noBias(fc.nat(9999)),
  // What takes long to install comes seldom.
  runner: often<Choice['runner']>(
    [8, 'node'],
    [5, 'mocha'],
    [1, 'jest'],
    [6, 'tape'],
    [2, 'ava'],
    [6, 'uvu'],
    [4, 'jasmine'],
    [4, 'printed'],
    [2, 'assert'],
    [4, 'none'],
  ),
  tool: often<Choice['tool']>(
    [5, 'direct'],
    [2, 'chained'],
    [2, 'run-s'],
    [1, 'turbo'],
    [2, 'masked'],
    [1, 'before'],
    [1, 'variable'],
  ),
  language: often<Choice['language']>([6, 'cjs'], [5, 'esm'], [2, 'ts'], [1, 'ts without build']),
  group: often<Choice['group']>([3, 'dependencies'], [1, 'devDependencies']),
  lock: often([9, true], [1, false]),
  using: fc.integer({ min: 1, max: 4 }),
  apart: fc.integer({ min: 0, max: 3 }),
})

const pinsOf: Readonly<Record<Choice['manager'], readonly Choice['pin'][]>> = {
  npm: [
    'caret',
    'caret',
    'tilde',
    'exact',
    'minor',
    'override',
    'override in dots',
    'nested override',
    'nested',
    'peer',
    'alias',
  ],
  pnpm: [
    'caret',
    'tilde',
    'exact',
    'minor',
    'override',
    'override elsewhere',
    'nested override',
    'nested',
    'peer',
    'catalog',
    'alias',
  ],
  yarn1: [
    'caret',
    'tilde',
    'exact',
    'minor',
    'override',
    'override by glob',
    'nested override',
    'nested',
    'peer',
    'alias',
  ],
  yarn4: [
    'caret',
    'tilde',
    'exact',
    'minor',
    'override',
    'nested override',
    'nested',
    'peer',
    'catalog',
    'alias',
  ],
  maven: ['literal', 'property', 'managed', 'own property', 'profile'],
}

/** The same for the same seed, for ever. Seeds in a row go through every pair of manager and change in 70 steps. */
export function choose(seed: number): Choice {
  const [drawn] = fc.sample(rest, { seed: Math.imul(seed + 1, 0x9e3779b1), numRuns: 1 })
  if (drawn === undefined) throw new Error('nothing was drawn')
  const manager = at(managers, seed % managers.length)
  const own = pinsOf[manager]
  return possible({
    ...drawn,
    manager,
    change: at(changes, seed % changes.length),
    pin: at(own, drawn.pin % own.length),
  })
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`no entry ${index}`)
  return found
}

const needsTests: readonly Choice['change'][] = [
  'behaviour',
  'rename',
  'throws',
  'exits',
  'launcher',
  'fewer',
  'already failing',
  'already failing and broken',
  'unstable names',
  'unstable names and broken',
]

/** The nearest project that can exist: not every runner runs every language, nor every manager knows every pin. */
export function possible(wish: Choice): Choice {
  if (wish.manager === 'maven') return possibleMaven(wish)
  const choice = { ...wish }
  if (choice.change === 'types' && !choice.language.startsWith('ts')) choice.language = 'ts'
  if (choice.runner === 'none' && needsTests.includes(choice.change)) choice.runner = 'mocha'
  if (choice.runner === 'none') choice.tool = 'direct'
  if (choice.language === 'ts without build' && choice.runner !== 'none') choice.runner = 'node'
  if (choice.runner === 'jest' && choice.language === 'esm') choice.language = 'cjs'
  if (choice.shape !== 'workspaces') Object.assign(choice, { users: 'one', rootScripts: true })
  if (choice.tool === 'turbo' && (choice.shape !== 'workspaces' || !choice.manager.startsWith('p')))
    choice.tool = 'direct'
  if (choice.tool === 'turbo') choice.rootScripts = true
  if (choice.shape === 'workspaces' && choice.tool !== 'turbo' && choice.tool !== 'masked')
    choice.tool = 'direct'
  // Nothing at all would tell what such a script did.
  if (choice.runner === 'assert' && choice.tool === 'masked') choice.tool = 'direct'
  if (choice.change === 'fewer' && choice.using < 2) choice.using = 2
  if (choice.change.startsWith('already') && choice.apart === 0) choice.apart = 1
  // Without a lock file the range itself would bring the newer version.
  if (choice.pin === 'minor') choice.lock = true
  return choice
}

function possibleMaven(wish: Choice): Choice {
  const kinds: Readonly<Partial<Record<Choice['change'], Choice['change']>>> = {
    build: 'rename',
    types: 'rename',
    lint: 'clean',
    launcher: 'clean',
  }
  const change = kinds[wish.change] ?? wish.change
  const single = wish.shape !== 'workspaces'
  const dynamic = change === 'fewer' || change.startsWith('unstable')
  const untested = wish.runner === 'none' && (change === 'clean' || change === 'rename')
  return {
    ...wish,
    change,
    shape: single ? 'single' : 'workspaces',
    pin: single && wish.pin === 'own property' ? 'property' : wish.pin,
    runner: untested ? 'none' : wish.using % 2 === 0 || dynamic ? 'junit5' : 'junit4',
    ...{ tool: 'direct', language: 'java', group: 'dependencies', lock: false, rootScripts: true },
    ...(single ? { users: 'one' } : {}),
  }
}

/** One line for a person. */
export function describeChoice(choice: Choice): string {
  const { manager, change, shape, pin, runner, tool, language } = choice
  const where =
    shape === 'workspaces'
      ? `workspaces (${choice.users} use it${choice.rootScripts ? '' : ', no root scripts'})`
      : shape
  const extra = [
    choice.group === 'devDependencies' ? 'dev' : '',
    choice.lock || manager === 'maven' ? '' : 'no lock file',
  ]
  return [change, manager, where, pin, runner, tool, language, ...extra]
    .filter((one) => one !== '')
    .join(' · ')
}
