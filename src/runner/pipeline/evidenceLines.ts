import type { Report, TestResult } from '../../contract/report.ts'
import { escapeRegExp, neutralise } from '../../contract/text.ts'
import type { Tree } from '../ecosystems/project.ts'

const room = { tests: 40, documents: 10 } as const

/** `id: base passed, update failed, repair passed` of tests whose file the patch changes. */
export function testLines(
  reports: Readonly<Record<'base' | 'update' | 'repair', Report>>,
  changed: ReadonlySet<string>,
): string {
  const runs = Object.entries(reports).map(([role, { tests }]) => {
    const own = tests.filter(({ file }) => file !== undefined && changed.has(file))
    return [role, new Map(own.map((test): readonly [string, TestResult] => [test.id, test]))] as const
  })
  const ids = [...new Set(runs.flatMap(([, tests]) => [...tests.keys()]))].sort()
  const lines = ids.slice(0, room.tests).map((id) => {
    const told = runs.map(([role, tests]) => `${role} ${tests.get(id)?.outcome ?? 'did not run it'}`)
    return `${id}: ${told.join(', ')}`
  })
  const more = ids.length > lines.length ? [`… and ${ids.length - lines.length} more`] : []
  return neutralise([...lines, ...more].join('\n'))
}

const maxDocuments = 200

/** Lines of the repository's documents that name the package. */
export async function mentions(view: Tree, name: string): Promise<string> {
  const found: string[] = []
  const documents = view.paths.filter(
    (path) =>
      /\.(?:md|mdx|rst|adoc|txt)$/i.test(path) &&
      !/(?:^|\/)(?:node_modules|CHANGELOG|CHANGES|HISTORY|LICENSE)/i.test(path),
  )
  const short = name.includes(':') ? name.slice(name.indexOf(':') + 1) : name
  const word = new RegExp(`(?<![\\w@/-])${escapeRegExp(short)}(?![\\w-])`)
  for (const path of documents.slice(0, maxDocuments)) {
    if (found.length >= room.documents) break
    const lines = ((await view.read(path))?.subarray(0, 200_000).toString('utf8') ?? '').split('\n')
    const own = lines.flatMap((line, at) =>
      word.test(line) ? [`${path}:${at + 1}: ${line.trim().slice(0, 200)}`] : [],
    )
    found.push(...own)
  }
  return neutralise(found.slice(0, room.documents).join('\n'))
}
