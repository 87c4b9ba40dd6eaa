import pLimit from 'p-limit'
import { neutralise } from '../../contract/text.ts'
import { type PackageMove, type WhyItBroke, whyRoom } from '../../contract/why.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Locked, OwnScript } from '../ecosystems/locked.ts'

const atATime = 8

/** What is there in other versions than before, and what installing that runs; what cannot be read is left out. */
export async function findPackageMoves(
  ecosystem: Pick<Ecosystem, 'ownScripts'>,
  old: readonly Locked[],
  now: readonly Locked[],
  signal: AbortSignal,
): Promise<NonNullable<WhyItBroke['packages']>> {
  const all = movesBetween(old, now)
  const moves = all.slice(0, whyRoom.packages)
  const runs = await scriptsOfNew(ecosystem, old, now, signal)
  return {
    moves: moves.map((move) => {
      const scripts = runs.get(move.name)
      if (scripts === undefined) return move
      return scripts === 'unread' ? { ...move, unread: true as const } : { ...move, scripts: [...scripts] }
    }),
    more: all.length - moves.length,
  }
}

function identity({ name, version }: Locked): string {
  return `${name}@${version}`
}

/** By name; every version of it before and now. */
function movesBetween(old: readonly Locked[], now: readonly Locked[]): readonly PackageMove[] {
  const [was, is] = [versionsByName(old), versionsByName(now)]
  const names = [...new Set([...was.keys(), ...is.keys()])].sort()
  return names.flatMap((name) => {
    const [before, after] = [inOrder(was.get(name)), inOrder(is.get(name))]
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ name, before, after }]
  })
}

function versionsByName(all: readonly Locked[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const { name, version } of all) found.set(name, (found.get(name) ?? new Set()).add(version))
  return found
}

function inOrder(versions: ReadonlySet<string> = new Set()): string[] {
  return [...versions].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

/** By name of the package; what is new and runs nothing when it is installed is missing. */
async function scriptsOfNew(
  { ownScripts }: Pick<Ecosystem, 'ownScripts'>,
  old: readonly Locked[],
  now: readonly Locked[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly OwnScript[] | 'unread'>> {
  const known = new Set(old.map(identity))
  const isFresh = (one: Locked) => !known.has(identity(one)) && one.installScript !== false
  const fresh = [...new Map(now.filter(isFresh).map((one) => [identity(one), one])).values()]
  const limit = pLimit(atATime)
  const asked = fresh.map((one, at) =>
    at < whyRoom.scripts ? limit(() => read(ownScripts, one, signal)) : undefined,
  )
  const found = await Promise.all(asked)
  const byName = new Map<string, readonly OwnScript[] | 'unread'>()
  for (const [at, one] of fresh.entries()) {
    const scripts = found[at] ?? (one.installScript === true ? [] : 'unread')
    if (scripts.length === 0 && one.installScript !== true) continue
    const others = byName.get(one.name)
    if (scripts === 'unread') byName.set(one.name, others ?? 'unread')
    else byName.set(one.name, [...(others === undefined || others === 'unread' ? [] : others), ...scripts])
  }
  return byName
}

async function read(
  ownScripts: Ecosystem['ownScripts'],
  one: Locked,
  signal: AbortSignal,
): Promise<readonly OwnScript[] | undefined> {
  try {
    const found = await ownScripts?.(one, signal)
    return found?.map(({ name, command }) => ({
      name,
      command: neutralise(command).slice(0, whyRoom.script),
    }))
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}
