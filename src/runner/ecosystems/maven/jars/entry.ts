import type { DocumentAnswer } from '../../../../contract/agent.ts'
import { readClass } from '../release/classFile.ts'
import { signatures } from './javap.ts'
import { bytesOf, type NamedJar, namesIn, textOf } from './zip.ts'

/** One entry to read, with the jar of its sources where there is one. */
export interface JarEntryJob {
  readonly jar: NamedJar
  readonly sources?: NamedJar
  /** `org/yaml/snakeyaml/Yaml`, with or without an extension, dotted too; a folder, or empty: what lies there. */
  readonly entry: string
}

const languages = ['java', 'kt', 'groovy', 'scala']
const extension = /\.(class|java|kt|groovy|scala)$/
const maxNamesakes = 10

/** Text of the entry: a file as it is, a type from its source, else its signatures. Nothing is written or run. */
export function jarEntry({ jar, sources, entry }: JarEntryJob): DocumentAnswer {
  const names = namesIn(jar)
  if ('refused' in names) return names
  const wanted = entry.replace(/^\/+/, '')
  const all = new Set(names)
  if (wanted !== '' && !wanted.endsWith('/') && !wanted.endsWith('.class') && all.has(wanted)) {
    return textOf(jar, wanted)
  }
  return (
    fromSources(sources, wanted) ??
    fromClass(jar, all, wanted, sources === undefined) ??
    listed(jar, names, wanted) ?? { refused: nothing(jar, names, wanted) }
  )
}

/** The ways in which a type's name may be meant, as a path without extension: `a.b.Outer.Inner` is in `a/b/Outer`. */
function meant(wanted: string): readonly string[] {
  const type = wanted.replace(extension, '')
  const path = type.includes('/') ? type : type.replaceAll('.', '/')
  const nested: string[] = []
  for (let rest = path; /[/.]/.test(rest); ) {
    nested.push(rest)
    // What is left of a nested type, its owners joined as the compiler does.
    rest = rest.replace(/[/.]([^/.]*)$/, '$$$1')
  }
  return [...nested, path]
}

/** A compiled class is asked for by its extension. */
function fromSources(sources: NamedJar | undefined, wanted: string): DocumentAnswer | undefined {
  if (sources === undefined || wanted.endsWith('.class') || wanted === '') return undefined
  const names = namesIn(sources)
  if ('refused' in names) return undefined
  const all = new Set(names)
  const files = meant(wanted)
    .map((type) => type.replace(/\$.*$/, ''))
    .flatMap((type) => languages.map((language) => `${type}.${language}`))
  const found = files.find((file) => all.has(file))
  if (found === undefined) return undefined
  const read = textOf(sources, found)
  return 'refused' in read ? read : { text: `// ${found} of ${sources.name}\n${read.text}` }
}

function fromClass(
  jar: NamedJar,
  all: ReadonlySet<string>,
  wanted: string,
  withoutSources: boolean,
): DocumentAnswer | undefined {
  const found = meant(wanted)
    .map((type) => `${type}.class`)
    .find((name) => all.has(name))
  if (found === undefined) return undefined
  const bytes = bytesOf(jar, found)
  if ('refused' in bytes) return bytes
  try {
    const why = withoutSources ? ', whose sources cannot be had' : ''
    return { text: `// signatures of ${found} of ${jar.name}${why}\n${signatures(readClass(bytes))}` }
  } catch {
    return { refused: `${found} of ${jar.name} is no class that can be read` }
  }
}

/** Types and files directly in a folder, and the folders beneath it. */
function listed(jar: NamedJar, names: readonly string[], wanted: string): DocumentAnswer | undefined {
  const path = wanted.replace(/\/$/, '')
  const prefix = path === '' ? '' : `${path.includes('/') ? path : path.replaceAll('.', '/')}/`
  const beneath = names.filter((name) => name.startsWith(prefix) && !/\/$|\$[^/]*\.class$/.test(name))
  if (beneath.length === 0) return undefined
  const folders = new Map<string, number>()
  const here: string[] = []
  for (const name of beneath) {
    const folder = name.slice(0, name.lastIndexOf('/') + 1)
    if (folder === prefix) here.push(name.replace(/\.class$/, ''))
    else folders.set(folder, (folders.get(folder) ?? 0) + 1)
  }
  const below = [...folders].map(([folder, count]) => `${folder} (${count})`)
  return { text: [`// in ${jar.name}`, ...here.sort(), ...below.sort()].join('\n') }
}

/** Types with the same simple name, which is what a moved one keeps. */
function nothing(jar: NamedJar, names: readonly string[], wanted: string): string {
  const word = wanted.replace(extension, '').split(/[/.$]/).at(-1) ?? ''
  const namesakes = names.filter((name) => name.split(/[/$]/).at(-1) === `${word}.class`)
  const shown = namesakes.slice(0, maxNamesakes).map((name) => name.replace(/\.class$/, ''))
  const hint = shown.length === 0 ? `Read ${jar.name}!/ lists its packages` : `it has ${shown.join(', ')}`
  return `${jar.name} has no ${wanted}; ${hint}`
}
