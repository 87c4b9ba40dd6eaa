import { escapeRegExp } from '../../../contract/text.ts'
import type { Follower, Met } from './met.ts'
import { mentions } from './names.ts'
import type { Unknown } from './unknown.ts'

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
