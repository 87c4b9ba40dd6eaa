import type { Packed } from '../../../gitSource/packed.ts'
import { type Origin, originOf } from './origin.ts'

/** A package of no registry, fetched on the host; the install container gets it from the relay. */
export interface Source {
  /** As who needs it calls it. */
  readonly name: string
  readonly origin: Origin
  /** Of a repository: the commit that was taken. */
  readonly commit?: string
  readonly packed: Packed
  /** Address at the relay. */
  readonly relay: string
}

/** A state of a place that a lock file pins. */
export interface Pinned {
  readonly origin: Origin
  /** Of a tarball, where the lock file has one. */
  readonly integrity?: string
}

/** A specifier, and who has it. */
export interface Wanted {
  readonly name: string
  readonly text: string
  /** For a message: a manifest, or a package. */
  readonly by: string
  readonly optional: boolean
}

/** How one format of lock file speaks of sources. */
export interface SourceText {
  /** Places that it pins; addresses that may be a registry's are among them. */
  pinned(text: string): readonly Pinned[]
  /** Specifiers of the packages in it. */
  wanted(text: string): readonly Wanted[]
  /** The text with every source taken from the relay. */
  to(text: string, sources: SourceIndex): string
  /** A text that was written with sources from the relay, as it would be without; `before` is what it was then. */
  from(before: string | undefined, after: string, sources: SourceIndex): string
}

/** Sources by what files say of them. */
export interface SourceIndex {
  /** By a specifier, or an address in a lock file. */
  of(text: string): Source | undefined
  /** By the address at the relay, or what a manager makes of it. */
  at(relay: string): Source | undefined
  /** What a manifest says: that of the folder, else of any that has it. */
  specifier(folder: string | undefined, name: string, source: Source): string
}

/** The same for every spelling of the same state of a place. */
export function identityOf(origin: Origin, commit: string | undefined): string {
  return origin.kind === 'git' ? `${origin.place}#${commit ?? ''}#${origin.folder}` : origin.url
}

/** Which source, of those that were fetched for specifiers of manifests and lock file. */
export function indexOf(
  sources: readonly Source[],
  bySpecifier: ReadonlyMap<string, Source>,
  declared: readonly { readonly folder: string; readonly name: string; readonly text: string }[],
): SourceIndex {
  const byIdentity = new Map(sources.map((source) => [identityOf(source.origin, source.commit), source]))
  const byRelay = new Map(sources.map((source) => [source.relay, source]))
  const of = (text: string): Source | undefined => {
    const known = bySpecifier.get(text)
    if (known !== undefined) return known
    const origin = originOf('x', text)
    const commit = origin?.kind === 'git' ? origin.wish.commit : undefined
    if (origin === undefined || (origin.kind === 'git' && commit === undefined)) return undefined
    return byIdentity.get(identityOf(origin, commit))
  }
  return {
    of,
    at: (relay) => byRelay.get(relay),
    specifier: (folder, name, source) => {
      const own = declared.filter((one) => one.name === name && of(one.text) === source)
      const found = own.find((one) => one.folder === folder) ?? own[0]
      const other = [...bySpecifier].find(([, one]) => one === source)
      return found?.text ?? other?.[0] ?? usualAddress(source)
    },
  }
}

/** The archive that GitHub makes of the commit; undefined for what lies elsewhere. */
export function archiveAddress({ origin, commit = '' }: Source): string | undefined {
  if (origin.kind !== 'git') return undefined
  const [, path] = /^github\.com\/(.+)$/.exec(origin.place) ?? []
  return path === undefined ? undefined : `https://codeload.github.com/${path}/tar.gz/${commit}`
}

/** As npm writes it into a lock file. */
export function usualAddress({ origin, commit }: Source): string {
  if (origin.kind === 'tarball') return origin.url
  const ssh = /^https:\/\/(github\.com|gitlab\.com|bitbucket\.org)\//.test(origin.url)
  const url = ssh ? origin.url.replace('https://', 'ssh://git@') : origin.url
  return `git+${url}#${commit ?? ''}`
}
