import { createTwoFilesPatch } from 'diff'
import type { Patch } from '../../src/contract/patch.ts'
import { readPatch } from '../../src/runner/patch/read.ts'

export type Files = Readonly<Record<string, string>>

function section(path: string, before: string | undefined, after: string | undefined): string {
  const mode =
    before === undefined ? 'new file mode 100644\n' : after === undefined ? 'deleted file mode 100644\n' : ''
  const names = [
    before === undefined ? '/dev/null' : `a/${path}`,
    after === undefined ? '/dev/null' : `b/${path}`,
  ]
  const [from = '', to = ''] = names
  const body = createTwoFilesPatch(from, to, before ?? '', after ?? '', '', '', { context: 3 })
  const hunks = body.slice(body.indexOf('--- '))
  return `diff --git a/${path} b/${path}\n${mode}${hunks.replaceAll('\t\n', '\n')}`
}

/** The patch between two trees given as texts by path, in git's format, read as any other is. */
export function patchOf(before: Files, after: Files): Patch {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .sort()
  const text = changed.map((path) => section(path, before[path], after[path])).join('')
  return readPatch(text, '0'.repeat(40))
}
