import { parseSyml } from '@yarnpkg/parsers'
import { z } from 'zod'
import { failures } from '../../../../contract/failures.ts'
import type { Lock, LockedPackage } from './lock.ts'

const Entry = z.looseObject({
  version: z.string(),
  /** Classic: address with the sha1 as its fragment. */
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  /** Berry: `name@npm:1.0.0`, `name@workspace:packages/a`. */
  resolution: z.string().optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
})

/** `yarn.lock`, classic and berry. */
export function readYarnLock(path: string, text: string): Lock {
  const descriptors = new Map<string, LockedPackage>()
  const packages: LockedPackage[] = []
  for (const [key, value] of Object.entries(parse(path, text))) {
    if (key === '__metadata') continue
    const parsed = Entry.safeParse(value)
    if (!parsed.success) throw failures.badManifest(path, `entry ${key}`)
    const entry = toLocked(key, parsed.data)
    packages.push(entry)
    for (const descriptor of key.split(/\s*,\s*/)) descriptors.set(descriptor, entry)
  }
  const isClassic = !text.includes('__metadata:')
  return {
    packages,
    find: (_dir, name, specifier, instead = []) => {
      // Classic keeps the name that was asked for, berry only that of what stands in for it.
      for (const text of isClassic ? [specifier, ...instead] : [...instead, specifier]) {
        const found = descriptors.get(`${name}@${text}`) ?? descriptors.get(`${name}@npm:${text}`)
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}

function parse(path: string, text: string): Record<string, unknown> {
  try {
    return parseSyml(text)
  } catch (error) {
    throw failures.badManifest(
      path,
      error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not a lock file',
    )
  }
}

function toLocked(key: string, entry: z.infer<typeof Entry>): LockedPackage {
  const { version, resolution, integrity } = entry
  const source = resolution ?? aliasTarget(key)
  const at = source.indexOf('@', 1)
  const protocol = resolution === undefined ? undefined : source.slice(at + 1)
  const resolved = entry.resolved ?? (protocol?.startsWith('npm:') === true ? archiveOf(protocol) : protocol)
  const sha1 = /#([0-9a-f]{40})$/i.exec(entry.resolved ?? '')?.[1]
  const checked =
    integrity ?? (sha1 === undefined ? undefined : `sha1-${Buffer.from(sha1, 'hex').toString('base64')}`)
  return {
    name: source.slice(0, at),
    version,
    ...(resolution === undefined ? {} : { peers: entry.peerDependencies ?? {} }),
    requires: [...Object.keys(entry.dependencies ?? {}), ...Object.keys(entry.optionalDependencies ?? {})],
    local: /^(workspace|link|portal|file):/.test(protocol ?? ''),
    ...(resolved === undefined ? {} : { resolved }),
    ...(checked === undefined ? {} : { integrity: checked }),
  }
}

/** Classic names an alias in its key: `a@npm:b@^1.0.0`. */
function aliasTarget(key: string): string {
  const first = key.split(/\s*,\s*/)[0] ?? key
  const target = first.slice(first.indexOf('@', 1) + 1)
  return /^npm:.+@/.test(target) ? target.slice('npm:'.length) : first
}

/** Berry names an address only where the registry does not use the usual one. */
function archiveOf(protocol: string): string | undefined {
  const archive = /::.*__archiveUrl=([^&]+)/.exec(protocol)?.[1]
  return archive === undefined ? undefined : decodeURIComponent(archive)
}

/** Entries found by another specifier than before; one that would then be there twice keeps its own. */
export function renameDescriptors(
  text: string,
  pairs: readonly (readonly [name: string, from: string, to: string])[],
): string {
  const renames = new Map(
    pairs.flatMap(([name, from, to]) => [
      [`${name}@${from}`, `${name}@${to}`],
      [`${name}@npm:${from}`, `${name}@npm:${to}`],
    ]),
  )
  const keyLine = /^(?=[^\s#])(.*):$/gm
  const tokens = /[^\s",][^",]*/g
  const present = new Set([...text.matchAll(keyLine)].flatMap(([, key = '']) => key.match(tokens) ?? []))
  const rename = (token: string): string => {
    const renamed = renames.get(token)
    return renamed === undefined || present.has(renamed) ? token : renamed
  }
  return text.replaceAll(keyLine, (line) => `${line.slice(0, -1).replaceAll(tokens, rename)}:`)
}
