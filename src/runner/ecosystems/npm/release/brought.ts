import semver from 'semver'
import { DrydockError } from '../../../../contract/failure.ts'
import type { Registry } from '../../../registries/npm/registry.ts'
import type { PublishedVersion } from '../../release/reader.ts'
import type { Outline } from './outline.ts'

/** Two versions of one package that is read beside the one that is updated. */
export interface Pair {
  readonly name: string
  readonly from: PublishedVersion
  readonly to: PublishedVersion
  /** What others declare of the updated one. */
  readonly typings?: true
  /** Only what it declares is handed on: who uses the updated one may have a word from elsewhere. */
  readonly handed?: true
}

const maxBrought = 8
const maxBytes = 12_000_000

/** Packages that declare what a test runner gives as globals, in the runner's own versions. */
const ofGlobals: Readonly<Record<string, readonly string[]>> = {
  jest: ['expect', '@jest/environment'],
  vitest: ['@vitest/expect', '@vitest/spy'],
  jasmine: ['jasmine-core'],
}

interface Named extends Pick<Pair, 'handed'> {
  readonly name: string
  readonly from: string
  readonly to: string
}

/**
 * Of dependencies those of the same scope or in the same version, and those that the package's declarations are written
 * with, where their first number moved.
 */
export function broughtWith(name: string, before: Outline, after: Outline): readonly Named[] {
  const scope = /^@[^/]+\//.exec(name)?.[0]
  const direct = Object.entries(after.dependencies).flatMap(([one, to]): readonly Named[] => {
    const from = before.dependencies[one]
    if (from === undefined || one.startsWith('@types/')) return []
    const [old, now] = [lowest(from), lowest(to)]
    if (old === undefined || now === undefined || old.major === now.major) return []
    const inStep = old.version === before.version && now.version === after.version
    const ofScope = scope !== undefined && one.startsWith(scope)
    const isHanded = before.handed.includes(one) && after.handed.includes(one)
    if (inStep || ofScope) return [{ name: one, from, to }]
    return isHanded ? [{ name: one, from, to, handed: true }] : []
  })
  const globals = (ofGlobals[name] ?? []).map((one) => ({
    ...{ name: one, from: before.version, to: after.version },
  }))
  return [...globals, ...direct].slice(0, maxBrought)
}

function lowest(range: string): semver.SemVer | undefined {
  return semver.validRange(range) === null ? undefined : (semver.minVersion(range) ?? undefined)
}

/** The name under which DefinitelyTyped has a package: `@types/a__b` of `@a/b`. */
function typingsName(name: string): string {
  return `@types/${name.replace(/^@([^/]+)\//, '$1__')}`
}

/** The newest of the declarations that were written for a version: of its first number, and not for a later one. */
function typingsFor(version: string, versions: readonly string[]): string | undefined {
  const wanted = semver.parse(version)
  if (wanted === null) return undefined
  return versions.findLast((one) => {
    const parsed = semver.parse(one)
    return parsed !== null && parsed.major === wanted.major && parsed.minor <= wanted.minor
  })
}

/** Declarations that others wrote of the two versions, where they carry none. */
async function typingsOf(
  name: string,
  [before, after]: readonly [Outline, Outline],
  registry: Registry,
  signal?: AbortSignal,
): Promise<readonly Pair[]> {
  const types = typingsName(name)
  // A name is told to no registry but its own.
  if (before.typed || after.typed || registry.origin(types) !== registry.origin(name)) return []
  const { versions } = await registry.packument(types, signal)
  const [from, to] = [typingsFor(before.version, versions), typingsFor(after.version, versions)]
  if (from === undefined || to === undefined || from === to) return []
  return (await pairOf({ name: types, from, to }, registry, signal)).map((one) => ({ ...one, typings: true }))
}

function isNotThere(error: unknown): boolean {
  const code = error instanceof DrydockError ? error.failure.code : undefined
  return code === 'no-such-package' || code === 'no-such-version'
}

async function pairOf(
  { from, to, ...pair }: Named,
  registry: Registry,
  signal?: AbortSignal,
): Promise<readonly Pair[]> {
  const { name } = pair
  const { versions } = await registry.packument(name, signal)
  const read = async (range: string) => {
    const version = semver.maxSatisfying([...versions], range)
    return version === null ? undefined : { version, bytes: await registry.tarball(name, version, signal) }
  }
  const [old, now] = [await read(from), await read(to)]
  if (old === undefined || now === undefined || old.bytes.length + now.bytes.length > maxBytes) return []
  return [{ ...pair, from: old, to: now }]
}

type Outlines = readonly [Outline, Outline]

/** What the declarations of packages that are brought are written with in their turn. */
async function further(
  pairs: readonly Pair[],
  registry: Registry,
  outlines: (pair: Pair) => Promise<Outlines | undefined>,
  signal?: AbortSignal,
): Promise<readonly Pair[]> {
  const known = new Set(pairs.map(({ name }) => name))
  const found: Pair[] = []
  for (const pair of pairs) {
    const both = pair.typings === true ? undefined : await outlines(pair)
    for (const one of both === undefined ? [] : broughtWith(pair.name, ...both)) {
      if (known.has(one.name) || known.size >= maxBrought) continue
      known.add(one.name)
      found.push(...(await pairOf(one, registry, signal)))
    }
  }
  return found
}

/**
 * Asks the registry for what is read beside an update. What it does not have is left out; what cannot be had now, too, and
 * then this is not `whole`.
 */
export async function readBeside(
  name: string,
  outlines: Outlines,
  registry: Registry,
  outlinesOf: (pair: Pair) => Promise<Outlines | undefined>,
  signal?: AbortSignal,
): Promise<{ readonly pairs: readonly Pair[]; readonly whole: boolean }> {
  const asked = [
    typingsOf(name, outlines, registry, signal),
    ...broughtWith(name, ...outlines).map((one) => pairOf(one, registry, signal)),
  ]
  let whole = true
  const had = async (one: Promise<readonly Pair[]>) => {
    return await one.catch((error: unknown) => {
      signal?.throwIfAborted()
      whole &&= isNotThere(error)
      return []
    })
  }
  const pairs = (await Promise.all(asked.map(had))).flat()
  const more = await had(further(pairs, registry, outlinesOf, signal))
  return { pairs: [...pairs, ...more], whole }
}
