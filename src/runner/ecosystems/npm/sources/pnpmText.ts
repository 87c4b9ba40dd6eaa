import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { originOf } from './origin.ts'
import {
  archiveAddress,
  type Pinned,
  type Source,
  type SourceIndex,
  type SourceText,
  usualAddress,
  type Wanted,
} from './source.ts'

const Resolution = z.looseObject({
  tarball: z.string().optional(),
  integrity: z.string().optional(),
  repo: z.string().optional(),
  commit: z.string().optional(),
  path: z.string().optional(),
})
const LockFile = z.looseObject({
  lockfileVersion: z.coerce.string(),
  packages: z.record(z.string(), z.looseObject({ resolution: Resolution })).optional(),
})

/** `pnpm-lock.yaml`, lockfileVersion 6.0 and 9.0. */
export const pnpmText: SourceText = {
  pinned: (text) =>
    entriesOf(text).flatMap(({ address, integrity }): Pinned[] => {
      const origin = originOf('x', address)
      if (origin === undefined) return []
      return [{ origin, ...(integrity === undefined ? {} : { integrity }) }]
    }),
  // pnpm's lock file names what they lead to, never the specifiers.
  wanted: (text) =>
    entriesOf(text).map(
      ({ name, address }): Wanted => ({ name, text: address, by: 'pnpm-lock.yaml', optional: false }),
    ),
  to: (text, sources) => {
    const ids = sourcesIn(text, sources)
    const resolved = text.replaceAll(resolutionLine, (line, key: string, start: string) => {
      const source = ids.get(idOf(key))
      return source === undefined
        ? line
        : `${key}:\n${start}{integrity: ${source.packed.integrity}, tarball: ${source.relay}}`
    })
    const named = replaceIds(
      resolved,
      [...ids].map(([id, source]) => [id, addressId(source.relay, isOld(text))] as const),
    )
    return mapSpecifiers(named, (_, __, spec) => sources.of(spec)?.relay)
  },
  from: (before, after, sources) => {
    const old = isOld(after)
    const known = knownBy(before, sources)
    const used = relaysIn(after).flatMap((relay) => sources.at(relay) ?? [])
    const forms = new Map(used.map((source) => [source.relay, known.get(source.relay) ?? usual(source, old)]))
    const resolved = after.replaceAll(resolutionLine, (line, key: string, start: string, value: string) => {
      const relay = /tarball: ([^\s,}]+)/.exec(value)?.[1]
      const form = relay === undefined ? undefined : forms.get(relay)
      return form === undefined ? line : `${key}:\n${start}${form.resolution}`
    })
    const specified = mapSpecifiers(resolved, (folder, name, spec) => {
      const source = sources.at(spec)
      return source && sources.specifier(folder, name, source)
    })
    return replaceIds(
      specified,
      used.map((source) => [addressId(source.relay, old), forms.get(source.relay)?.id ?? ''] as const),
    )
  },
}

function isOld(text: string): boolean {
  return /^lockfileVersion: *['"]?[56]/m.test(text)
}

/** A key of `packages` and the line below it. */
const resolutionLine = /^( {2}\S.*):\n( {4}resolution: )(\{.*\})$/gm

/** `name@address` (9.0) or an address (6.0), without the peers behind it. */
function idOf(key: string): string {
  const plain = key
    .trim()
    .replaceAll(/^['"]|['"]$/g, '')
    .replace(/\(.*$/, '')
  return /^(?:@[^/]+\/)?[^/@]+@(.+:.+)$/.exec(plain)?.[1] ?? plain
}

interface Entry {
  readonly id: string
  readonly name: string
  /** As `originOf` reads it. */
  readonly address: string
  readonly integrity: string | undefined
}

/** Packages that come from an address; those of registries have a version behind their name. */
function entriesOf(text: string): readonly Entry[] {
  const parsed = LockFile.safeParse(parseYaml(text, { maxAliasCount: 0 }))
  return Object.entries(parsed.data?.packages ?? {}).flatMap(([key, { resolution }]) => {
    const id = idOf(key)
    const { tarball, repo, commit, path, integrity } = resolution
    const registry = /^\/?(?:@[^/]+\/)?[^/@]+@\d[^:/]*$/.test(key.replace(/\(.*$/, '')) || key.startsWith('/')
    if (registry || /^(file|link):/.test(id)) return []
    const folder = path === undefined ? '' : `&path:${path}`
    const address =
      repo !== undefined && commit !== undefined ? `${gitUrl(repo)}#${commit}${folder}` : tarball
    if (address === undefined) return []
    const name = /^['"]?((?:@[^/]+\/)?[^/@]+)@/.exec(key)?.[1] ?? id
    return [{ id, name, address, integrity }]
  })
}

function gitUrl(repo: string): string {
  return /^(https?|ssh):/.test(repo) ? `git+${repo}` : repo
}

function sourcesIn(text: string, sources: SourceIndex): ReadonlyMap<string, Source> {
  return new Map(
    entriesOf(text).flatMap(({ id, address }) => {
      const source = sources.of(address)
      return source === undefined ? [] : [[id, source] as const]
    }),
  )
}

/** 6.0 writes an address without its protocol, and `+` for the colon of its port. */
function addressId(address: string, old: boolean): string {
  return old ? `@${address.replace(/^.*:\/\//, '').replace(':', '+')}` : address
}

function relaysIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/tarball: ([^\s,}]+)/g)].map(([, relay = '']) => relay))]
}

interface Form {
  readonly id: string
  readonly resolution: string
}

function knownBy(before: string | undefined, sources: SourceIndex): ReadonlyMap<string, Form> {
  if (before === undefined) return new Map()
  const ids = sourcesIn(before, sources)
  return new Map(
    [...before.matchAll(resolutionLine)].flatMap(([, key = '', , resolution = '']) => {
      const source = ids.get(idOf(key))
      return source === undefined ? [] : [[source.relay, { id: idOf(key), resolution }] as const]
    }),
  )
}

/** As pnpm writes a source that it meets for the first time. */
function usual(source: Source, old: boolean): Form {
  const { origin, commit = '', packed } = source
  if (origin.kind === 'tarball') {
    const resolution = `{integrity: ${packed.integrity}, tarball: ${origin.url}}`
    return { id: addressId(origin.url, old), resolution }
  }
  const archive = archiveAddress(source)
  const id = old ? `${origin.place.replace(':', '+')}/${commit}` : (archive ?? usualAddress(source))
  const resolution =
    archive === undefined ? `{commit: ${commit}, repo: ${origin.url}, type: git}` : `{tarball: ${archive}}`
  return { id, resolution }
}

function replaceIds(text: string, pairs: readonly (readonly [from: string, to: string])[]): string {
  return pairs
    .reduce((done, [from, to]) => {
      const whole = new RegExp(`(^|[\\s'"@])${literally(from)}(?=$|[\\s'":(])`, 'gm')
      return done
        .replaceAll(whole, (_, start: string) => `${start}${to}`)
        .replaceAll(unquoted, (_, start: string, value: string, end: string) => `${start}'${value}'${end}`)
    }, text)
    .replaceAll(needless, '$1$2$3')
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** YAML takes no plain text that begins so. */
const unquoted = /^( +(?:[\w@/.'-]+: )?)(@127\.0\.0\.1\+[^\s:']+)(:?)$/gm
/** What needs no quotes any more. */
const needless = /^( +(?:[\w@/.'-]+: )?)'((?![@/])[\w.+-]+\/[^\s:'@]+\/[0-9a-f]{40})'(:?)$/gm

/** Specifiers of importers and overrides. */
function mapSpecifiers(
  text: string,
  change: (folder: string | undefined, name: string, text: string) => string | undefined,
): string {
  let folder: string | undefined
  let name = ''
  return text
    .split('\n')
    .map((line) => {
      const importer = /^ {2}(\S+):$/.exec(line)?.[1]
      if (importer !== undefined) folder = importer === '.' ? '' : importer
      name = /^ {2,6}['"]?([^\s'"]+)['"]?:$/.exec(line)?.[1] ?? name
      const [, start, own, value] =
        /^( {4,8}specifier: )()['"]?(.+?)['"]?$/.exec(line) ??
        /^( {2}['"]?([^\s'"]+)['"]?: )['"]?(\S+?)['"]?$/.exec(line) ??
        []
      const changed = value === undefined ? undefined : change(folder, own || name, value)
      return start === undefined || changed === undefined ? line : `${start}${quoted(changed)}`
    })
    .join('\n')
}

function quoted(text: string): string {
  return /^[@&*!|>%`'"#]|: |\s#/.test(text) ? `'${text}'` : text
}
