import semver from 'semver'
import type { Move } from '../../../contract/events.ts'
import type { Packument } from '../../registries/npm/registry.ts'

/** A direct dependency, as the search for peers that must move along sees it. */
export interface Direct {
  /** As declared. */
  readonly name: string
  /** Name at the registry. */
  readonly registryName: string
  readonly version: string
  /** Peers of that version, where the lock file tells; else the registry is asked. */
  readonly peers?: Readonly<Record<string, string>>
}

export interface Target {
  readonly version: string
  readonly reason?: string
}

type Ask = (name: string) => Promise<Packument>

const maxRounds = 12

/**
 * Direct dependencies that must move with `moved`: peers that the new versions ask for, dependants whose
 * own peers exclude them, and type packages of another major. Repeats until nothing conflicts.
 */
export async function movePeers(
  directs: readonly Direct[],
  moved: ReadonlyMap<string, Target>,
  ask: Ask,
): Promise<Map<string, Target>> {
  const targets = new Map(moved)
  for (let round = 0; round < maxRounds; round++) {
    const found = (await conflict(directs, targets, ask)) ?? (await staleTypes(directs, targets, ask))
    if (found === undefined) return targets
    targets.set(found.name, found.target)
  }
  return targets
}

interface Found {
  readonly name: string
  readonly target: Target
}

async function conflict(
  directs: readonly Direct[],
  targets: ReadonlyMap<string, Target>,
  ask: Ask,
): Promise<Found | undefined> {
  for (const dependant of directs) {
    for (const [peer, range] of Object.entries(await peersOf(dependant, targets, ask))) {
      const direct = directs.find(({ name }) => name === peer)
      if (direct === undefined || fits(targets.get(peer)?.version ?? direct.version, range)) continue
      const found = await resolve(dependant, direct, range, targets, ask)
      if (found !== undefined) return found
    }
  }
  return undefined
}

async function peersOf(
  direct: Direct,
  targets: ReadonlyMap<string, Target>,
  ask: Ask,
): Promise<Readonly<Record<string, string>>> {
  const target = targets.get(direct.name)
  if (target === undefined && direct.peers !== undefined) return direct.peers
  return (await ask(direct.registryName)).peers(target?.version ?? direct.version)
}

/** Who gives way: the peer, where its dependant moved and it did not; else the dependant. */
async function resolve(
  dependant: Direct,
  peer: Direct,
  range: string,
  targets: ReadonlyMap<string, Target>,
  ask: Ask,
): Promise<Found | undefined> {
  const dependantMoved = targets.has(dependant.name)
  const peerTarget = targets.get(peer.name)
  if (dependantMoved && peerTarget === undefined) {
    const version = highest(await ask(peer.registryName), range)
    const target = { version: version ?? '', reason: `peer of ${dependant.name}` }
    return version === undefined ? undefined : { name: peer.name, target }
  }
  if (peerTarget === undefined || dependantMoved) return undefined
  const packument = await ask(dependant.registryName)
  const version = nearest(packument, dependant.version, peer.name, peerTarget.version)
  if (version === undefined) return undefined
  return {
    name: dependant.name,
    target: { version, reason: `its peer ${peer.name} moves to ${peerTarget.version}` },
  }
}

/** `@types/react` follows react's major; a package without such a version keeps what it has. */
async function staleTypes(
  directs: readonly Direct[],
  targets: ReadonlyMap<string, Target>,
  ask: Ask,
): Promise<Found | undefined> {
  for (const [name, { version }] of targets) {
    const types = directs.find((direct) => direct.name === typesName(name))
    if (types === undefined || targets.has(types.name)) continue
    const major = semver.major(version)
    if (semver.major(types.version) === major) continue
    const found = highest(await ask(types.registryName), `^${major}.0.0`)
    if (found !== undefined)
      return { name: types.name, target: { version: found, reason: `types of ${name}` } }
  }
  return undefined
}

function typesName(name: string): string {
  return `@types/${name.startsWith('@') ? name.slice(1).replace('/', '__') : name}`
}

function highest(packument: Packument, range: string): string | undefined {
  if (fits(packument.latest, range)) return packument.latest
  return semver.maxSatisfying([...packument.versions], range) ?? undefined
}

/** The newest version of the lowest major, from the current one up, whose peers admit the move. */
function nearest(
  packument: Packument,
  current: string,
  peer: string,
  peerVersion: string,
): string | undefined {
  const fitting = packument.versions.filter(
    (version) =>
      semver.prerelease(version) === null &&
      semver.gt(version, current) &&
      fits(peerVersion, packument.peers(version)[peer] ?? '*'),
  )
  const lowest = fitting[0]
  return lowest === undefined
    ? undefined
    : fitting.filter((version) => semver.major(version) === semver.major(lowest)).at(-1)
}

function fits(version: string, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: true }) || semver.validRange(range) === null
}

/** The moves as a person reads them, the asked one first. */
export function toMoves(directs: readonly Direct[], targets: ReadonlyMap<string, Target>): readonly Move[] {
  return [...targets].map(([name, { version, reason }]) => {
    const from = directs.find((direct) => direct.name === name)?.version
    return {
      name,
      to: version,
      ...(from === undefined ? {} : { from }),
      ...(reason === undefined ? {} : { reason }),
    }
  })
}
