import semver from 'semver'
import type { Tree } from '../project.ts'
import type { Manifest } from './manifest.ts'
import { ciNode } from './tools/ci.ts'
import { type Era, erasOf, oldestForScripts } from './tools/era.ts'
import { type Installed, readInstalled } from './tools/installed.ts'
import { devEngine, nodeWishes } from './tools/versionFiles.ts'
import {
  firstModernNode,
  nearestNode,
  newestLts,
  nodeFits,
  nodeMajors,
  nodeVersions,
  npmOfNode,
  npmVersions,
  parseNodeWish,
} from './tools/versions.ts'

/** The Node that a project is installed and checked with. */
export interface NodeChoice {
  readonly major: number
  /** Major of npm, where it is another than this Node brings. */
  readonly npm?: number
  /** What decided. */
  readonly source: string
}

/**
 * The Node that the repository asks for, in this order: `.drydock.json`, `.nvmrc`, `.node-version`, `.tool-versions`,
 * `mise.toml`, volta, `devEngines`, a dev container's description, then what `engines` leave open: the project's own CI, the time of what is
 * installed, and where nothing of it says anything the usual one. The nearest newer one where there is no image for it.
 * `asked` is what something that is still to come asks for: the nearest newer one that has it, where no file names one.
 */
export async function chooseNode(
  tree: Tree,
  manifest: Manifest,
  configured?: string,
  asked?: string,
): Promise<NodeChoice> {
  const open = await openChoice(tree, manifest)
  for (const { text, source } of await nodeWishes(tree, manifest, configured)) {
    const wish = parseNodeWish(text)
    if (wish === undefined) continue
    const major = 'major' in wish ? nearestNode(wish.major) : open.within(wish.range)
    return withNpm({ major, source }, open.npmRange)
  }
  return withNpm(raise(await open.choose(), open.fits, asked), open.npmRange)
}

/** The oldest Node that is newer than a guessed one and fits; the guessed one where there is none, or no need. */
function raise(guess: NodeChoice, fits: (major: number) => boolean, asked: string | undefined): NodeChoice {
  if (asked === undefined || nodeFits(guess.major, asked)) return guess
  const newer = [...nodeMajors]
    .sort((a, b) => a - b)
    .find((major) => major > guess.major && major <= newestLts && fits(major) && nodeFits(major, asked))
  return newer === undefined ? guess : { major: newer, source: 'the new version asks for it' }
}

interface OpenChoice {
  readonly npmRange: string | undefined
  /** The best major of a range. */
  within(range: string): number
  /** Whether `engines` of the project admit it. */
  fits(major: number): boolean
  choose(): Promise<NodeChoice>
}

async function openChoice(tree: Tree, manifest: Manifest): Promise<OpenChoice> {
  const installed = await readInstalled(tree)
  const npmRange = npmRangeOf(manifest)
  const order = orderBy(installed, npmRange)
  const engines = rangeOf(manifest.engines?.node)
  const within = (range: string): number => bestOf(range, order)
  const fits = (major: number): boolean => engines === undefined || nodeFits(major, engines)
  return {
    npmRange,
    within,
    fits,
    async choose() {
      const said = engines === undefined ? undefined : 'engines in package.json'
      if (engines !== undefined && oneLine(engines))
        return { major: within(engines), source: 'engines in package.json' }
      const ci = await ciNode(tree, fits)
      if (ci !== undefined && ci.moving !== true) return { major: nearestNode(ci.major), source: ci.source }
      const best = within(engines ?? '*')
      const oldest = Math.max(installed.oldest ?? 0, oldestForScripts(manifest))
      const old = (major: number): boolean => fits(major) && major >= oldest
      const era = eraChoice(erasOf(manifest, installed), best, old, order)
      if (era !== undefined) return era
      // What was current when CI ran last is known no better than what the packages allow.
      if (ci !== undefined && ci.major >= oldest && order.refusals(ci.major) <= order.refusals(best))
        return { major: ci.major, source: ci.source }
      return { major: best, source: said ?? 'nothing in the repository names one' }
    },
  }
}

/** A range that means one line of Node, such as `20.x` or `^18.12`. */
function oneLine(range: string): boolean {
  return nodeMajors.filter((major) => nodeFits(major, range)).length === 1
}

function rangeOf(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : (semver.validRange(text) ?? undefined)
}

/** An old project runs on a Node of its time, where the packages agree. */
function eraChoice(
  eras: readonly Era[],
  best: number,
  fits: (major: number) => boolean,
  order: Order,
): NodeChoice | undefined {
  for (const { major: wished, source } of eras) {
    const major = nearestNode(Math.min(wished, newestLts))
    if (major !== best && fits(major) && order.refusals(major) <= order.refusals(best))
      return { major, source }
    if (major === best) return { major, source }
  }
  return undefined
}

interface Order {
  readonly majors: readonly number[]
  /** Installed packages whose `engines` exclude this Node. */
  refusals(major: number): number
}

/** The usual majors first; before that those that most packages run on and whose npm is the wanted one. */
function orderBy(installed: Installed, npmRange: string | undefined): Order {
  const ranges = installed.engines.map((range) => semver.validRange(range)).filter((range) => range !== null)
  const counted = new Map<number, number>()
  for (const major of nodeMajors)
    counted.set(major, ranges.filter((range) => !semver.satisfies(nodeVersions[major] ?? '', range)).length)
  const refusals = (major: number): number => counted.get(major) ?? 0
  const npmOff = (major: number): number =>
    npmRange === undefined || npmFits(npmOfNode(major), npmRange) ? 0 : 1
  const majors = [...nodeMajors].sort((a, b) => npmOff(a) - npmOff(b) || refusals(a) - refusals(b))
  return { majors, refusals }
}

function bestOf(range: string, { majors }: Order): number {
  const valid = semver.validRange(range) ?? '*'
  return (
    majors.find((major) => nodeFits(major, valid)) ??
    majors.find((major) => semver.intersects(valid, `${major}.x`)) ??
    nearestNode(semver.minVersion(valid)?.major ?? nodeMajors[0])
  )
}

/** The npm that a project asks for: `engines`, `devEngines`, `packageManager`. */
function npmRangeOf(manifest: Manifest): string | undefined {
  const declared = /^npm@(\d+)/.exec(manifest.packageManager ?? '')?.[1]
  return (
    rangeOf(manifest.engines?.npm) ??
    rangeOf(devEngine(manifest, 'packageManager', 'npm')) ??
    (declared === undefined ? undefined : `${declared}.x`)
  )
}

function npmFits(major: number, range: string): boolean {
  return semver.satisfies(npmVersions[major] ?? '', range)
}

/** npm 11 runs on Node 20.17 and later, npm 10 on 18.17 and later. */
const oldestNodeOf: Readonly<Record<number, number>> = { 10: 18, 11: 20 }

function withNpm(choice: NodeChoice, range: string | undefined): NodeChoice {
  const { major } = choice
  if (range === undefined || major < firstModernNode || npmFits(npmOfNode(major), range)) return choice
  const npm = Object.keys(npmVersions)
    .map(Number)
    .find((other) => npmFits(other, range) && major >= (oldestNodeOf[other] ?? 0))
  return npm === undefined ? choice : { ...choice, npm }
}

/** The major of npm that installs. */
export function npmOfChoice({ major, npm }: NodeChoice): number {
  return npm ?? npmOfNode(major)
}
