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

/** `yarn.lock`, classic and berry: blocks of lines, each under the specifiers that lead to it. */
export const yarnText: SourceText = {
  pinned: (text) =>
    blocksOf(text).flatMap((block): Pinned[] => {
      const address = addressOf(block)
      const origin = address === undefined ? undefined : originOf('x', address)
      if (origin === undefined) return []
      const integrity = block.map((line) => /^ {2}integrity (\S+)$/.exec(line)?.[1]).find(Boolean)
      return [{ origin, ...(integrity === undefined ? {} : { integrity }) }]
    }),
  wanted: (text) =>
    blocksOf(text).flatMap((block): Wanted[] => {
      const [first = ''] = tokensOf(block[0] ?? '')
      const by = nameOf(first)
      // Those of workspaces are in their manifests.
      if (/@workspace:/.test(first)) return []
      return block.flatMap((line) => {
        const found = specifierIn(line)
        return found === undefined ? [] : [{ name: found.name, text: found.text, by, optional: false }]
      })
    }),
  to: (text, sources) => eachBlock(text, (block) => toRelay(block, sources)),
  from: (before, after, sources) => {
    const old = new Map<string, readonly string[]>()
    for (const block of before === undefined ? [] : blocksOf(before)) {
      old.set(keyOf(toRelay(block, sources)), block)
    }
    return eachBlock(after, (block) => fromRelay(block, old.get(keyOf(block)), sources))
  },
}

type Block = readonly string[]

function isBlock(lines: Block): boolean {
  return /^[^\s#].*:$/.test(lines[0] ?? '') && lines.length > 1
}

function blocksOf(text: string): readonly Block[] {
  return text
    .split(/\n\n+/)
    .map((part) => part.split('\n').filter((line) => !line.startsWith('#')))
    .map((lines) => lines.slice(lines.findIndex((line) => line !== '')))
    .filter(isBlock)
}

/** Changes blocks; whatever stands between them stays. */
function eachBlock(text: string, change: (block: Block) => Block): string {
  return text
    .split(/(\n\n+)/)
    .map((part) => {
      const lines = part.split('\n')
      const start = lines.findIndex((line) => line !== '' && !line.startsWith('#'))
      const end = lines.at(-1) === '' ? lines.length - 1 : lines.length
      if (start < 0 || !isBlock(lines.slice(start, end))) return part
      return [...lines.slice(0, start), ...change(lines.slice(start, end)), ...lines.slice(end)].join('\n')
    })
    .join('')
}

/** What leads to a block: one string of all in berry, a string each in classic. */
function tokensOf(keyLine: string): readonly string[] {
  const key = keyLine.replace(/:$/, '')
  const quoted = key.match(/"[^"]*"|[^\s",][^",]*/g) ?? []
  return quoted.flatMap((text) => text.replaceAll('"', '').split(', ')).map((token) => token.trim())
}

function nameOf(token: string): string {
  return token.slice(0, token.indexOf('@', 1))
}

function textOf(token: string): string {
  return token.slice(token.indexOf('@', 1) + 1)
}

function keyOf(block: Block): string {
  return [...tokensOf(block[0] ?? '')].sort().join(', ')
}

/** Classic: the address; berry: what stands behind the name. */
function addressOf(block: Block): string | undefined {
  for (const line of block) {
    const resolved = /^ {2}resolved "(.+)"$/.exec(line)?.[1]
    // A tarball's has its sha1 as the fragment.
    if (resolved !== undefined)
      return /\.tgz#[0-9a-f]{40}$/.test(resolved) ? resolved.replace(/#.*$/, '') : resolved
    const resolution = /^ {2}resolution: "(.+)"$/.exec(line)?.[1]
    if (resolution !== undefined) return textOf(resolution).replace(/::.*$/, '')
  }
  return undefined
}

const specifierLine = /^( {4}"?((?:@[^/"]+\/)?[^\s"@:]+)"?:? "?)([^"]+?)("?)$/

function specifierIn(line: string): { readonly name: string; readonly text: string } | undefined {
  const [, , name, text] = specifierLine.exec(line) ?? []
  return name === undefined || text === undefined ? undefined : { name, text }
}

function mapSpecifiers(line: string, change: (name: string, text: string) => string | undefined): string {
  const found = specifierIn(line)
  const changed = found && change(found.name, found.text)
  if (changed === undefined) return line
  const [, start = ''] = specifierLine.exec(line) ?? []
  return `${start.replace(/"?$/, '')}"${changed}"`
}

/** Checks of what the user's own yarn made of a source, and its name for one of several copies. */
const ownLines = /^ {2}(?:checksum:|integrity |uid )/

function toRelay(block: Block, sources: SourceIndex): Block {
  const [key = '', ...lines] = block
  const body = lines.map((line) => mapSpecifiers(line, (_, text) => sources.of(text)?.relay))
  const source = sourceOf(block, sources)
  if (source === undefined) return [key, ...body]
  const tokens = new Set(tokensOf(key).map((token) => `${nameOf(token)}@${source.relay}`))
  const joined = [...tokens].join(', ')
  return [
    `"${joined}":`,
    ...body
      .filter((line) => !ownLines.test(line))
      .map((line) =>
        line
          .replace(
            /^( {2}resolved ").*$/,
            (_, start: string) => `${start}${source.relay}#${source.packed.sha1}"`,
          )
          .replace(
            /^( {2}resolution: ")(.*)$/,
            (_, start: string, end: string) => `${start}${nameOf(end)}@${source.relay}"`,
          ),
      ),
  ]
}

function sourceOf(block: Block, sources: SourceIndex): Source | undefined {
  const address = addressOf(block)
  const keyed = tokensOf(block[0] ?? '').map((token) => originOf('x', textOf(token)))
  // A registry's address alone makes no source of a package.
  return address === undefined || keyed.every((origin) => origin === undefined)
    ? undefined
    : sources.of(address)
}

function fromRelay(block: Block, old: Block | undefined, sources: SourceIndex): Block {
  const [key = '', ...lines] = block
  const [token = ''] = tokensOf(key)
  const source = sources.at(textOf(token))
  const folder = /@workspace:(.*)$/.exec(token)?.[1]
  const were = new Map((old ?? []).map((line) => [specifierIn(line)?.name, specifierIn(line)?.text]))
  const body = lines.map((line) =>
    mapSpecifiers(line, (name, text) => {
      const found = sources.at(text)
      const was = were.get(name)
      if (found === undefined) return undefined
      if (folder === undefined && was !== undefined && sources.of(was) === found) return was
      return sources.specifier(folder === '.' ? '' : folder, name, found)
    }),
  )
  if (source === undefined) return [key, ...body]
  return old === undefined ? fresh(block, body, token, source, sources) : restored(old, body)
}

/** The lines that only the user's own yarn can write come back as they were. */
function restored(old: Block, body: Block): Block {
  const own = old.filter((line) => ownLines.test(line) || addressLine.test(line))
  const kept = body.filter((line) => !ownLines.test(line) && !addressLine.test(line))
  const at = new Map(old.map((line, index) => [line, index]))
  const lines = [...kept]
  for (const line of own) lines.splice(Math.min(lines.length, (at.get(line) ?? 1) - 1), 0, line)
  return [old[0] ?? '', ...lines]
}

const addressLine = /^ {2}(?:resolved "|resolution: ")/

function fresh(block: Block, body: Block, token: string, source: Source, sources: SourceIndex): Block {
  const name = nameOf(token)
  const berry = block.some((line) => line.startsWith('  resolution: '))
  const text = sources.specifier(undefined, name, source)
  const address = berry ? berryAddress(source, text) : classicAddress(source)
  const line = berry ? `  resolution: "${name}@${address}"` : `  resolved "${address}"`
  return [
    `"${name}@${text}":`,
    ...body.filter((one) => !ownLines.test(one)).map((one) => (addressLine.test(one) ? line : one)),
  ]
}

function berryAddress({ origin, commit }: Source, specifier: string): string {
  const forge = /^https:\/\/(github|gitlab)\.com\//.test(origin.url)
  const url = !forge && specifier.startsWith('git+') ? `git+${origin.url}` : origin.url
  return origin.kind === 'tarball' ? origin.url : `${url}#commit=${commit ?? ''}`
}

function classicAddress(source: Source): string {
  const { origin, packed } = source
  if (origin.kind === 'tarball') return `${origin.url}#${packed.sha1}`
  return archiveAddress(source) ?? usualAddress(source)
}
