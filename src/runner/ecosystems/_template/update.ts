import semver from 'semver'
import { failures } from '../../../contract/failures.ts'
import type { TemplateRegistry } from '../../registries/_template/registry.ts'
import { nearestName } from '../nearestName.ts'
import type { Outdated, UpdatePlan } from '../plan.ts'
import type { Tree } from '../project.ts'
import { declared, manifestPath, withVersion } from './manifest.ts'

export async function outdated(
  tree: Tree,
  registry: TemplateRegistry,
  signal?: AbortSignal,
): Promise<readonly Outdated[]> {
  const rows = (await declared(tree)).map(async ({ name, version }): Promise<readonly Outdated[]> => {
    const latest = (await registry.versions(name, signal)).at(-1)
    if (latest === undefined || !semver.gt(latest, version)) return []
    const difference = semver.diff(version, latest)
    const change = difference === 'major' || difference === 'minor' ? difference : 'patch'
    const place = { name, manifest: manifestPath, group: 'prod', range: version } as const
    return [{ ...place, current: version, wanted: latest, latest, change }]
  })
  return (await Promise.all(rows)).flat()
}

export async function planUpdate(
  tree: Tree,
  { package: name, requested }: { readonly package: string; readonly requested: string },
  registry: TemplateRegistry,
  signal?: AbortSignal,
): Promise<UpdatePlan | undefined> {
  const all = await declared(tree)
  const from = all.find((one) => one.name === name)?.version
  if (from === undefined)
    throw failures.notADependency(
      name,
      nearestName(
        name,
        all.map((one) => one.name),
      ),
    )
  const versions = await registry.versions(name, signal)
  const to = requested === 'latest' ? versions.at(-1) : semver.maxSatisfying([...versions], requested)
  if (to === null || to === undefined) throw failures.noSuchVersion(name, requested, versions.at(-1) ?? '')
  if (to === from) return undefined
  const text = (await tree.read(manifestPath))?.toString('utf8') ?? ''
  const files = new Map([[manifestPath, Buffer.from(withVersion(text, name, to))]])
  return {
    ...{ from, to, files },
    moves: [],
    // The manifest is all there is to write: no lock file follows from it.
    resolution: [],
    versions: new Map([[name, to]]),
  }
}
