import semver from 'semver'
import { z } from 'zod'
import { type CiVersions, readYaml, scalars, workflowVersions } from '../../ciVersions.ts'
import type { Tree } from '../../project.ts'
import { nearestNode, newestLts, nodeMajors, parseNodeWish } from './versions.ts'

/** The Node that the project's own CI tests with, and the file that says so. */
export interface CiNode {
  readonly major: number
  readonly source: string
  /** It is named by what it was at that time, such as `node` or `lts/*`: whatever tells the time knows better. */
  readonly moving?: true
}

/**
 * Of all that the workflows test with, and then of each other service, the newest that has long-term support and that
 * `fits`; one that there is no image for only where no other is named.
 */
export async function ciNode(tree: Tree, fits: (major: number) => boolean): Promise<CiNode | undefined> {
  const services = [await workflowVersions(tree, 'node-version'), ...(await otherServices(tree))]
  const named = services.map((files) =>
    files.flatMap(numbered).filter(({ major }) => fits(nearestNode(major))),
  )
  const current = named.map((all) => all.filter(({ major }) => major >= oldestImage))
  const found = [...current, ...named].find((all) => all.length > 0)
  if (found !== undefined) return newest(found)
  const source = services.flat().find(({ versions }) => versions.some(isMoving))?.path
  return source === undefined || !fits(newestLts) ? undefined : { major: newestLts, source, moving: true }
}

const oldestImage = Math.min(...nodeMajors)

/** `node`, `latest`, `lts/*`, `lts/-1`: another one each year. */
function isMoving(text: string): boolean {
  return /^(?:node|latest|current|stable|lts(?:[/-]?(?:\*|latest|-\d+))?)$/i.test(text.trim())
}

function numbered({ path, versions }: CiVersions): readonly CiNode[] {
  return versions.flatMap((text) => {
    const wish = isMoving(text) ? undefined : parseNodeWish(text)
    if (wish === undefined) return []
    const major = 'major' in wish ? wish.major : lineOf(wish.range)
    return major === undefined ? [] : [{ major, source: path }]
  })
}

/** 18 of `^18.12` and `>=18 <19`; undefined of a range that holds several lines. */
function lineOf(range: string): number | undefined {
  const major = semver.minVersion(range)?.major
  return major !== undefined && semver.subset(range, `${major}.x`) ? major : undefined
}

const Travis = z.looseObject({
  node_js: z.unknown().optional(),
  jobs: z.unknown().optional(),
  matrix: z.unknown().optional(),
})
const Included = z.looseObject({ include: z.array(z.looseObject({ node_js: z.unknown().optional() })) })

function travis(document: unknown): readonly string[] {
  const read = Travis.safeParse(document).data
  const included = [read?.jobs, read?.matrix].flatMap((jobs) => Included.safeParse(jobs).data?.include ?? [])
  return [read?.node_js, ...included.map((job) => job.node_js)].flatMap(scalars)
}

/** Image names such as `cimg/node:20.1` and `node:18-alpine`, wherever they stand. */
function images(document: unknown): readonly string[] {
  if (typeof document === 'string') return /(?:^|\/)node:v?(\d[\w.]*)/.exec(document)?.slice(1, 2) ?? []
  if (typeof document !== 'object' || document === null) return []
  return Object.values(document).flatMap(images)
}

const others: readonly (readonly [string, (document: unknown) => readonly string[]])[] = [
  ['.travis.yml', travis],
  ['.circleci/config.yml', images],
  ['.gitlab-ci.yml', images],
]

function otherServices(tree: Tree): Promise<readonly (readonly CiVersions[])[]> {
  return Promise.all(
    others.map(async ([path, read]) => [{ path, versions: read(await readYaml(tree, path)) }]),
  )
}

/** Even majors have long-term support; where there is none of them, the newest there is. */
function newest(all: readonly CiNode[]): CiNode | undefined {
  const lts = all.filter(({ major }) => major % 2 === 0 && major <= newestLts)
  return (lts.length > 0 ? lts : all).toSorted((a, b) => b.major - a.major)[0]
}
