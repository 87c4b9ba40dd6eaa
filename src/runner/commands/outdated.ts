import { join } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { readNpmHost } from '../ecosystems/npm/host.ts'
import { npmEcosystem } from '../ecosystems/npm/index.ts'
import { commitView } from '../git/commitView.ts'
import { openRepository } from '../git/userRepository.ts'
import { table } from '../terminal/tables.ts'
import { oneLine } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'

/** `drydock outdated`: asked of the registry from a neutral folder; no container is started. */
export async function outdated(
  context: CommandContext,
  flags: { readonly repo: string; readonly json?: boolean },
): Promise<number> {
  const { root, headCommit } = await openRepository(flags.repo, context.env)
  const host = await readNpmHost(context.env)
  const npm = npmEcosystem({ host, cacheDir: join(context.cache, 'packages') })
  const view = await commitView(root, headCommit, context.env)
  const project = await npm.detect(view)
  if (project === undefined) throw failures.noManifest(root)
  const found = await npm.outdated(view, project, context.signal)
  if (flags.json === true) {
    printJson(context, found)
    return exitCodes.done
  }
  if (found.length === 0) context.stdout.write('Everything is up to date.\n')
  else context.stdout.write(`${listing(context, found)}\n`)
  return exitCodes.done
}

function listing(
  { colors: c }: CommandContext,
  found: Awaited<ReturnType<ReturnType<typeof npmEcosystem>['outdated']>>,
): string {
  const colour = { major: c.red, minor: c.yellow, patch: c.green, none: c.dim }
  const rows = found.map((row) => [
    oneLine(row.name, 50),
    row.current,
    row.wanted,
    colour[row.change](row.latest),
    row.change,
    row.group,
    oneLine(row.manifest, 40),
  ])
  return table(['package', 'current', 'wanted', 'latest', 'change', 'group', 'manifest'], rows, c)
}
