import { createHash } from 'node:crypto'
import { createTwoFilesPatch } from 'diff'
import type { Patch, PatchFile, PathRole } from '../../src/contract/patch.ts'

export type Files = Readonly<Record<string, string>>

const roles: readonly (readonly [RegExp, PathRole])[] = [
  [/(^|\/)(package-lock\.json|pnpm-lock\.yaml|yarn\.lock)$/, 'lockfile'],
  [/(^|\/)package\.json$/, 'manifest'],
  [/^\.github\//, 'ci'],
  [/(^|\/)(tests?|__tests__|__snapshots__|__mocks__|spec)\/|\.(test|spec)\.[cm]?[jt]sx?(\.snap)?$/, 'test'],
  [
    /(^|\/)(tsconfig[^/]*\.json|[^/]+\.config\.[cm]?[jt]s|\.mocharc[^/]*|\.eslintrc[^/]*|\.env[^/]*|Makefile|\.npmrc|tox\.ini)$/,
    'config',
  ],
  [/\.md$/, 'docs'],
]

function roleOf(path: string): PathRole {
  return roles.find(([pattern]) => pattern.test(path))?.[1] ?? 'source'
}

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

/** The patch between two trees given as texts by path, in git's format; roles by common names only. */
export function patchOf(before: Files, after: Files): Patch {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .sort()
  const sections = changed.map((path) => section(path, before[path], after[path]))
  const text = sections.join('')
  const files = changed.map((path, index): PatchFile => {
    const lines = (sections[index] ?? '').split('\n')
    const status = before[path] === undefined ? 'added' : after[path] === undefined ? 'deleted' : 'modified'
    return {
      path,
      status,
      ...(status === 'deleted' ? {} : { mode: '100644' as const }),
      binary: false,
      additions: lines.filter((line) => /^\+(?!\+\+ )/.test(line)).length,
      deletions: lines.filter((line) => /^-(?!-- )/.test(line)).length,
      role: roleOf(path),
    }
  })
  const digest = createHash('sha256').update(text).digest('hex')
  return { baseCommit: '0'.repeat(40), digest, files, text }
}
