import semver from 'semver'
import { nodeNeed } from '../../../toolchains/node/need.ts'
import type { Project } from '../../project.ts'
import type { ManifestFile } from '../manifest.ts'
import { firstModernNode, nodeFits, npmOfNode, npmVersions } from './versions.ts'

/**
 * Whether the project's packages are installed with another Node or npm than its manifests allow: an exact version that
 * is in no image, or a Node of old, whose packages a newer npm installs.
 */
export function otherEngine({ image }: Project, manifests: readonly ManifestFile[]): boolean {
  const need = nodeNeed(image)
  if (need === undefined) return false
  const { major } = need
  if (major < firstModernNode) return true
  const npm = npmVersions[need.npm ?? npmOfNode(major)] ?? ''
  return manifests.some(({ manifest }) => {
    const node = semver.validRange(manifest.engines?.node ?? '*')
    const wanted = semver.validRange(manifest.engines?.npm ?? '*')
    const other = (manifest.engines as Record<string, unknown> | undefined) ?? {}
    // Managers besides npm come in the version that the lock file is of.
    if (other.pnpm !== undefined || other.yarn !== undefined) return true
    return (node !== null && !nodeFits(major, node)) || (wanted !== null && !semver.satisfies(npm, wanted))
  })
}

/** The manifests without `engines`, which pnpm and yarn hold against themselves in any case. */
export function withoutEngines(files: Map<string, Buffer>, manifests: readonly ManifestFile[]): void {
  for (const { path } of manifests) {
    const bytes = files.get(path)
    if (bytes === undefined) continue
    const { engines: _, ...rest } = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>
    files.set(path, Buffer.from(`${JSON.stringify(rest, undefined, 2)}\n`))
  }
}
