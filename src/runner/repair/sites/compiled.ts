import type { Report } from '../../../contract/report.ts'
import { escapeRegExp } from '../../../contract/text.ts'
import { mentions } from './names.ts'
import type { Follower, Met } from './spread.ts'

/** A name that a compiler misses in a file, or does not know the type of any more. */
export interface Unknown {
  readonly path: string
  readonly name: string
  readonly kind: 'missing' | 'untyped'
}

const missing = /Cannot find (?:name|namespace) '([\w$]+)'|'([\w$]+)' refers to a UMD global/
const untyped = /'([\w$]+)(?:\.[\w$.]+)?' is (?:of type 'unknown'|possibly)/

/** What a compiler said of names, beside the lines that it points at. */
export function unknownIn(report: Report | undefined): readonly Unknown[] {
  const failures = (report?.steps ?? []).flatMap(({ summary }) => summary?.failures ?? [])
  return failures.flatMap(({ file, message }): readonly Unknown[] => {
    if (file === undefined) return []
    const [, one, other = one] = missing.exec(message) ?? []
    if (other !== undefined) return [{ path: file, name: other, kind: 'missing' }]
    const name = untyped.exec(message)?.[1]
    return name === undefined ? [] : [{ path: file, name, kind: 'untyped' }]
  })
}

/** The import that takes one name more, and the annotation that says too little now. */
export function besideCompiled(files: readonly Met[], unknown: readonly Unknown[]): readonly Follower[] {
  return unknown.flatMap(({ path, name, kind }): readonly Follower[] => {
    const met = files.find(({ file }) => file.path === path)
    if (met === undefined) return []
    const follow = (index: number): Follower => ({ path, index, weight: 'gone', words: [] })
    if (kind === 'missing') return met.file.imports.slice(0, 1).map(follow)
    const declared = new RegExp(`(?<![\\w$.])${escapeRegExp(name)}\\??\\s*:(.*)$`)
    return met.file.lines.flatMap((line, index) => {
      const type = declared.exec(line)?.[1]
      return type !== undefined && mentions(type, met.names) ? [follow(index)] : []
    })
  })
}
