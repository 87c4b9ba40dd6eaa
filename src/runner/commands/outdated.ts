import { join } from 'node:path'
import pLimit from 'p-limit'
import { ecosystems } from '../../contract/ecosystems/index.ts'
import { failures } from '../../contract/failures.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { locate, manifestsIn } from '../ecosystems/folder/locate.ts'
import { openEcosystem } from '../ecosystems/index.ts'
import type { Outdated } from '../ecosystems/plan.ts'
import type { Tree } from '../ecosystems/project.ts'
import { commitView } from '../git/commitView.ts'
import { openRepository } from '../git/userRepository.ts'
import { table } from '../terminal/tables.ts'
import { oneLine } from '../terminal/text.ts'
import { widthOf } from '../terminal/wrap.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'

export interface OutdatedFlags {
  readonly repo: string
  readonly manifest?: string
  readonly json?: boolean
  /** When each version that may be chosen was published: another, larger answer of the registry a package. */
  readonly dates?: boolean
}

/** `drydock outdated`: asked of the registry from a neutral folder; no container is started. */
export async function outdated(context: CommandContext, flags: OutdatedFlags): Promise<number> {
  const { root, folder, headCommit } = await openRepository(flags.repo, context.env)
  const view = await commitView(root, headCommit, context.env)
  const found: Outdated[] = []
  let projects = 0
  for (const known of await ecosystemsOf(context, view, folder, flags.manifest !== undefined)) {
    const located = await locate(known, view, {
      folder,
      ...(flags.manifest === undefined ? {} : { manifest: flags.manifest }),
    })
    if (located === undefined) continue
    projects += 1
    const { ecosystem, project, manifest } = located
    const rows = await ecosystem.outdated(view, project, context.signal)
    const meant = rows.filter((row) => manifest === undefined || row.manifest === manifest)
    found.push(...(flags.dates === true ? await withDates(ecosystem, view, meant, context.signal) : meant))
  }
  if (projects === 0) throw failures.noManifest(root, manifestsIn(view))
  if (flags.json === true) {
    printJson(context, found)
    return exitCodes.done
  }
  if (found.length === 0) context.stdout.write('Everything is up to date.\n')
  else context.stdout.write(`${listing(context, found)}\n`)
  return exitCodes.done
}

const concurrency = 8

/** The same rows with the dates that the registry knows; a package of which it says none keeps its row. */
async function withDates(
  { published }: Ecosystem,
  view: Tree,
  rows: readonly Outdated[],
  signal: AbortSignal,
): Promise<readonly Outdated[]> {
  if (published === undefined) return rows
  const limit = pLimit(concurrency)
  const asked = new Map(
    [...new Set(rows.map(({ name }) => name))].map((name) => {
      const of = rows.flatMap((row) =>
        row.name === name ? (row.choices ?? []).map(({ version }) => version) : [],
      )
      const dates = () => published(view, name, of, signal).catch(() => new Map<string, string>())
      return [name, limit(dates)]
    }),
  )
  return Promise.all(
    rows.map(async (row) => {
      const dates = await asked.get(row.name)
      const choices = row.choices?.map((one) => {
        const at = dates?.get(one.version)
        return at === undefined ? one : { ...one, published: at }
      })
      return { ...row, ...(choices === undefined ? {} : { choices }) }
    }),
  )
}

/** Those that have something to look at: the configuration of another is not asked for. */
async function ecosystemsOf(
  context: CommandContext,
  view: Tree,
  folder: string,
  named: boolean,
): Promise<readonly Ecosystem[]> {
  const { env, userHome } = context
  const isMeant = (path: string): boolean => folder !== '' || named || !path.includes('/')
  const found = ecosystems.filter(({ id }) => manifestsIn(view, id).some(isMeant))
  // A build that one of them refuses in words, unless it stands beside packages of another.
  const refusing = ecosystems.filter(({ relatives }) => view.paths.some((path) => relatives?.test(path)))
  const asked = found.length > 0 || folder !== '' ? found : refusing
  const how = { env, userHome, cacheDir: join(context.cache, 'packages') }
  return await Promise.all(asked.map(async ({ id }) => (await openEcosystem(id, how)).ecosystem))
}

/** Of a package of npm, characters; one of Maven is shorter still. */
const longestName = 214

function listing({ colors: c, stdout }: CommandContext, found: readonly Outdated[]): string {
  const colour = { major: c.red, minor: c.yellow, patch: c.green, none: c.dim }
  const manifests = new Set(found.map(({ manifest }) => manifest))
  const several = manifests.size > 1
  const managed = found.some(({ through }) => through !== undefined)
  const rows = found.map((row) => [
    // Typed as an argument of `drydock update`.
    oneLine(row.name, longestName),
    row.current,
    row.wanted,
    colour[row.change](row.latest),
    row.change,
    row.group,
    ...(managed ? [oneLine(row.through ?? '', longestName)] : []),
    ...(several ? [oneLine(row.manifest, 40)] : []),
  ])
  const head = [
    'package',
    'current',
    'wanted',
    'latest',
    'change',
    'group',
    ...(managed ? ['version by'] : []),
    ...(several ? ['manifest'] : []),
  ]
  const where = several ? '' : `${[...manifests].map((path) => oneLine(path, 200)).join('')}. `
  const next = `${where}\`drydock update PACKAGE@VERSION\` updates one of them.`
  return `${table(head, rows, c, widthOf(stdout))}\n${c.dim(next)}`
}
