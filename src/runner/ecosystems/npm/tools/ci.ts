import { z } from 'zod'
import { readYaml, scalars, workflowVersions } from '../../ciVersions.ts'
import type { Tree } from '../../project.ts'
import type { Wish } from './versionFiles.ts'
import { newestLts, parseNodeWish } from './versions.ts'

/** The Node that the project's own CI tests with: of a matrix the newest that has long-term support. */
export async function ciWish(tree: Tree): Promise<Wish | undefined> {
  for (const { path, versions } of await workflowVersions(tree, 'node-version')) {
    const found = newest(versions)
    if (found !== undefined) return { text: found, source: path }
  }
  for (const [path, read] of others) {
    const found = newest(read(await readYaml(tree, path)))
    if (found !== undefined) return { text: found, source: path }
  }
  return undefined
}

const Travis = z.looseObject({ node_js: z.unknown() })

/** Image names such as `cimg/node:20.1` and `node:18-alpine`, wherever they stand. */
function images(document: unknown): readonly string[] {
  if (typeof document === 'string') return /(?:^|\/)node:v?(\d[\w.]*)/.exec(document)?.slice(1, 2) ?? []
  if (typeof document !== 'object' || document === null) return []
  return Object.values(document).flatMap(images)
}

const others: readonly (readonly [string, (document: unknown) => readonly string[]])[] = [
  ['.travis.yml', (document) => scalars(Travis.safeParse(document).data?.node_js)],
  ['.circleci/config.yml', images],
  ['.gitlab-ci.yml', images],
]

/** Even majors have long-term support; where there is none of them, the newest there is. */
function newest(versions: readonly string[]): string | undefined {
  const majors = versions.flatMap((text) => {
    const wish = parseNodeWish(text)
    return wish !== undefined && 'major' in wish && !/^(node|latest|current|stable)$/i.test(text)
      ? wish.major
      : []
  })
  const lts = majors.filter((major) => major % 2 === 0 && major <= newestLts)
  const pool = lts.length > 0 ? lts : majors
  return pool.length === 0
    ? versions.find((text) => parseNodeWish(text) !== undefined)
    : String(Math.max(...pool))
}
