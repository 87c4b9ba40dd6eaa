import pLimit from 'p-limit'
import { failures } from '../../../../contract/failures.ts'
import type { Warning } from '../../../../contract/verdict.ts'
import { sourceUrl } from '../../../broker/upstream.ts'
import { type GitSource, sourceKey } from '../../../gitSource/gitSource.ts'
import type { Packed } from '../../../gitSource/packed.ts'
import { GitTrouble } from '../../../gitSource/remoteGit.ts'
import type { TarballSource } from '../../../gitSource/tarballSource.ts'
import type { SourceFetcher } from '../../sources.ts'
import { likeNewlines, unixNewlines } from '../locks/layout.ts'
import type { ManifestFile } from '../manifest.ts'
import { nestedSpecifiers, specifiersOf } from '../specifiers.ts'
import { npmText } from './npmText.ts'
import { type Origin, originOf } from './origin.ts'
import { pnpmText } from './pnpmText.ts'
import {
  identityOf,
  indexOf,
  type Pinned,
  type Source,
  type SourceIndex,
  type SourceText,
  type Wanted,
} from './source.ts'
import { yarnText } from './yarnText.ts'

/** A project's sources, all of them at hand. */
export interface Settled {
  readonly sources: readonly Source[]
  readonly index: SourceIndex
  /** Integrity by path at the relay. */
  readonly pins: ReadonlyMap<string, string>
  readonly warnings: readonly Warning[]
}

export interface LockText {
  readonly path: string
  readonly text: string
}

/** Line ends are those of `before`, else plain ones. */
export function sourceText(path: string): SourceText {
  const format = path.endsWith('.json') ? npmText : path.endsWith('pnpm-lock.yaml') ? pnpmText : yarnText
  return {
    pinned: (text) => format.pinned(unixNewlines(text)),
    wanted: (text) => format.wanted(unixNewlines(text)),
    to: (text, sources) => format.to(unixNewlines(text), sources),
    from: (before, after, sources) => {
      const old = before === undefined ? undefined : unixNewlines(before)
      return likeNewlines(format.from(old, unixNewlines(after), sources), before ?? '')
    },
  }
}

const concurrency = 4

/**
 * Fetches what manifests and lock file take from git and from addresses: at the commit that the lock file pins, else at
 * the one that the specifier means now. Throws `registry-not-allowed`, `install-failed`.
 */
export async function settleSources(
  manifests: readonly ManifestFile[],
  lock: LockText | undefined,
  fetcher: SourceFetcher | undefined,
): Promise<Settled> {
  const format = lock === undefined ? undefined : sourceText(lock.path)
  const declared = withOrigin(manifests.flatMap(declaredIn))
  const further = withOrigin(format?.wanted(lock?.text ?? '') ?? [])
  const pinned = declared.length + further.length === 0 ? [] : (format?.pinned(lock?.text ?? '') ?? [])
  // What a package would like and the lock file does not have is not installed either.
  const wanted = [...declared, ...further.filter(({ origin }) => isPinned(origin, pinned))]
  const limit = pLimit(concurrency)
  const unique = [...new Map(wanted.map((one) => [one.text, one])).values()]
  const found = await Promise.all(
    unique.map((one) =>
      limit(async () => [one, await fetched(one, isIn(lock, one.text) ? pinned : [], fetcher)] as const),
    ),
  )
  // Several specifiers may mean the same one.
  const byRelay = new Map(found.toReversed().map(([, { source }]) => [source.relay, source]))
  const sources = [...byRelay.values()]
  const bySpecifier = new Map(
    found.map(([{ text }, { source }]) => [text, byRelay.get(source.relay) ?? source]),
  )
  const folders = manifests.flatMap((file) => declaredIn(file).map((one) => ({ ...one, folder: file.dir })))
  return {
    sources,
    index: indexOf(sources, bySpecifier, folders),
    pins: new Map(sources.map(({ relay, packed }) => [new URL(relay).pathname, packed.integrity])),
    warnings: found.flatMap(([one, made]) => warningsOf(one, made)),
  }
}

function declaredIn(file: ManifestFile): readonly Wanted[] {
  const { optionalDependencies, devDependencies } = file.manifest
  const optional = new Set(Object.keys({ ...optionalDependencies, ...devDependencies }))
  return specifiersOf(file).map(([name, text]) => ({
    name,
    text,
    by: file.path,
    optional: optional.has(name),
  }))
}

/** A specifier that the lock file was not made with is not what it pins. */
function isIn(lock: LockText | undefined, text: string): boolean {
  for (let at = lock?.text.indexOf(text) ?? -1; at >= 0; at = lock?.text.indexOf(text, at + 1) ?? -1)
    if (/^(?:["'\s,:)}]|$)/.test(lock?.text.slice(at + text.length, at + text.length + 1) ?? '')) return true
  return false
}

function withOrigin(wanted: readonly Wanted[]): readonly Found[] {
  return wanted.flatMap((one) => {
    const origin = originOf(one.name, one.text)
    return origin === undefined ? [] : [{ ...one, origin }]
  })
}

function isPinned(origin: Origin, pinned: readonly Pinned[]): boolean {
  return origin.kind === 'git'
    ? lockedCommit(origin, pinned) !== undefined
    : pinned.some(({ origin: other }) => other.url === origin.url)
}

type Found = Wanted & { readonly origin: Origin }

interface Fetched {
  readonly source: Source
  readonly inLock: boolean
  /** Why an empty package stands in its place. */
  readonly missing?: string
}

/** The commit of what cannot be had. */
const nothing = '0'.repeat(40)

async function fetched(
  one: Found,
  pinned: readonly Pinned[],
  fetcher: SourceFetcher | undefined,
): Promise<Fetched> {
  const { name, text, by, origin } = one
  if (fetcher === undefined) throw failures.specifierNotAllowed(name, text, by)
  if (!fetcher.tarballs.mayAsk(origin.url))
    throw failures.sourceHostNotAllowed(name, by, text, hostOf(origin.url))
  try {
    return origin.kind === 'git'
      ? await fromGit(name, origin, pinned, fetcher.git)
      : await fromAddress(name, origin, pinned, fetcher.tarballs)
  } catch (error) {
    if (!(error instanceof GitTrouble)) throw error
    if (fetcher.allowMissing !== true || !one.optional)
      throw failures.sourceUnavailable(name, by, text, error.message, one.optional)
    const commit = origin.kind === 'git' ? (lockedCommit(origin, pinned) ?? nothing) : undefined
    const source = sourceOf(name, origin, await fetcher.git.stub(name), commit)
    return { source, inLock: true, missing: error.message }
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

async function fromGit(
  name: string,
  origin: Extract<Origin, { kind: 'git' }>,
  pinned: readonly Pinned[],
  git: GitSource,
): Promise<Fetched> {
  const { url, folder } = origin
  const locked = lockedCommit(origin, pinned)
  const commit = locked ?? (await git.commit(url, origin.wish))
  const packed = await git.pack(url, commit, folder)
  return {
    source: sourceOf(name, origin, packed, commit),
    inLock: (locked ?? origin.wish.commit) !== undefined,
  }
}

/** The lock file's: of the same place and folder, and of the commit that the specifier itself names, if it does. */
function lockedCommit(
  origin: Extract<Origin, { kind: 'git' }>,
  pinned: readonly Pinned[],
): string | undefined {
  for (const { origin: other } of pinned) {
    if (other.kind !== 'git' || other.place !== origin.place || other.wish.commit === undefined) continue
    if (other.folder !== '' && other.folder !== origin.folder) continue
    if (other.wish.commit.startsWith(origin.wish.commit ?? '')) return other.wish.commit
  }
  return undefined
}

async function fromAddress(
  name: string,
  origin: Extract<Origin, { kind: 'tarball' }>,
  pinned: readonly Pinned[],
  tarballs: TarballSource,
): Promise<Fetched> {
  const integrity = pinned.find(({ origin: other }) => other.url === origin.url)?.integrity
  const packed = await tarballs.fetch(origin.url, integrity)
  return { source: sourceOf(name, origin, packed, undefined), inLock: integrity !== undefined }
}

function sourceOf(name: string, origin: Origin, packed: Packed, commit: string | undefined): Source {
  const key = sourceKey({ url: identityOf(origin, commit), commit: commit ?? '', folder: '' })
  return { name, origin, packed, relay: sourceUrl(key), ...(commit === undefined ? {} : { commit }) }
}

function warningsOf({ name, text, by }: Wanted, { source, inLock, missing }: Fetched): Warning[] {
  const { commit, packed } = source
  const warnings: Warning[] = []
  const what =
    commit === undefined
      ? `with the integrity ${packed.integrity.slice(0, 24)}…`
      : `at ${commit.slice(0, 12)}`
  if (missing !== undefined)
    warnings.push({
      code: `source-missing:${name}`,
      message: `${name}, which ${by} takes from ${text}, cannot be had (${missing}): an empty package was installed in its place, as --allow-missing allows.`,
      severity: 'notice',
    })
  if (!inLock)
    warnings.push({
      code: `source-pinned:${name}`,
      message: `${by} takes ${name} from ${text}, and no lock file says in which state: it was taken ${what}.`,
      severity: 'notice',
    })
  if (packed.leftOut.length > 0)
    warnings.push({
      code: `source-left-out:${name}`,
      message: `${name} from ${text} came without its links and submodules: ${packed.leftOut.slice(0, 3).join(', ')}.`,
      severity: 'notice',
    })
  return warnings
}

/** A manifest's document with everything taken from the relay. */
export function withSources(
  document: Readonly<Record<string, unknown>>,
  index: SourceIndex,
): Record<string, unknown> {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return index.of(value)?.relay ?? value
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]))
  }
  const changed = Object.entries(document).map(([key, value]) =>
    specifierFields.has(key) &&
    nestedSpecifiers('', key === 'pnpm' ? Object(value).overrides : value).length > 0
      ? [
          key,
          key === 'pnpm' ? { ...Object(value), overrides: replace(Object(value).overrides) } : replace(value),
        ]
      : [key, value],
  )
  return Object.fromEntries(changed) as Record<string, unknown>
}

const specifierFields = new Set([
  ...['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'],
  ...['overrides', 'resolutions', 'pnpm'],
])
