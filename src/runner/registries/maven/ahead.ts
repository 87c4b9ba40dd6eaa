import pLimit from 'p-limit'
import { type Coordinates, pathOf } from './coordinates.ts'
import { type Chain, filler, type Named, type PublishedPom, readPublished } from './pom.ts'
import type { MavenFile, MavenSource } from './source.ts'

/** Requests that nobody waits for yet; a build's own go beside them. */
const atOnce = 8
/** POMs that one install is read ahead for. */
const maxPoms = 4000
const maxParents = 20
/** That one POM's versions are looked for in. */
const maxImports = 50

export interface AheadOptions {
  readonly source: MavenSource
  readonly isDenied: (name: string, version: string) => boolean
  /** Ends it. */
  readonly signal: AbortSignal
}

interface Read extends PublishedPom {
  /** It was on the host before: then what it names is as well. */
  readonly cached: boolean
}

/**
 * Asks for the POMs that Maven asks for next, once it was given one: it reads one after the other, each a way to the
 * registry and back. What it then does not ask for lies in the cache of the host and goes nowhere. Never throws, and says
 * nothing of what cannot be had: Maven will, where it needs it.
 */
export function readAhead({
  source,
  isDenied,
  signal,
}: AheadOptions): (path: string, pom: MavenFile) => void {
  const limit = pLimit(atOnce)
  const read = new Map<string, Promise<Read | undefined>>()
  const followed = new Set<string>()

  const fetch = (path: string) =>
    limit(async () => (signal.aborted ? undefined : await source.get(path, signal)))
  const open = (path: string, fetching = fetch): Promise<Read | undefined> => {
    const known = read.get(path)
    if (known !== undefined) return known
    if (read.size >= maxPoms) return Promise.resolve(undefined)
    const found = fetching(path)
      .then(readFile)
      .catch(() => undefined)
    read.set(path, found)
    return found
  }
  const pathFor = (of: Coordinates): string[] => {
    const path = isDenied(`${of.groupId}:${of.artifactId}`, of.version) ? undefined : pathOf(of, '.pom')
    return path === undefined ? [] : [path]
  }
  const chainFrom = async (path: string): Promise<Chain | undefined> => {
    const pom = await open(path)
    if (pom === undefined) return undefined
    const chain: [Read, ...Read[]] = [pom]
    for (let at: Read | undefined = pom; at?.parent !== undefined && chain.length < maxParents; ) {
      const [above] = pathFor(at.parent)
      at = above === undefined ? undefined : await open(above)
      if (at !== undefined) chain.push(at)
    }
    return chain
  }
  const managedBy = async (
    chain: Chain,
    imported: Set<string> = new Set(),
  ): Promise<ReadonlyMap<string, string>> => {
    const managed = chain.flatMap((pom) => pom.managed).map(filledIn(filler(chain)))
    const imports = managed
      .filter(({ scope }) => scope === 'import')
      .flatMap(pathFor)
      .filter((path) => !imported.has(path))
      .slice(0, maxImports - imported.size)
    for (const path of imports) imported.add(path)
    const theirs = imports.map(async (path) => {
      const bom = await chainFrom(path)
      return bom === undefined ? [] : [...(await managedBy(bom, imported))]
    })
    const own = managed.map((one): [string, string] => [nameOf(one), one.version])
    // The nearest counts.
    return new Map([...own, ...(await Promise.all(theirs)).flat()].reverse())
  }
  const follow = async (path: string): Promise<void> => {
    if (followed.has(path)) return
    followed.add(path)
    const pom = await open(path)
    if (pom === undefined || pom.cached) return
    const chain = await chainFrom(path)
    if (chain === undefined || pom.packaging === 'pom') return
    const managed = await managedBy(chain)
    const next = chain
      .flatMap(({ dependencies }) => dependencies)
      .filter(isFollowed)
      .map(filledIn(filler(chain)))
      .map((one) => ({ ...one, version: one.version || (managed.get(nameOf(one)) ?? '') }))
      .flatMap(pathFor)
    await Promise.all(next.map(follow))
  }
  return (path, file) => {
    void open(path, async () => file)
    void follow(path).catch(() => undefined)
  }
}

async function readFile(file: MavenFile | undefined): Promise<Read | undefined> {
  // A large one is read by whoever asked for it, once.
  if (file === undefined || !Buffer.isBuffer(file.body)) return undefined
  return { ...readPublished(file.body), cached: file.cached }
}

/** What comes with an artifact: not what its own tests or its container need. */
function isFollowed({ scope, optional }: Named): boolean {
  return (scope === 'compile' || scope === 'runtime') && !optional
}

function nameOf({ groupId, artifactId }: Coordinates): string {
  return `${groupId}:${artifactId}`
}

function filledIn(fill: (text: string) => string): (one: Named) => Named {
  return ({ groupId, artifactId, version, ...rest }) => ({
    ...rest,
    groupId: fill(groupId),
    artifactId: fill(artifactId),
    version: fill(version),
  })
}
