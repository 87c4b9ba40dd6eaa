import type { PublishedVersion } from '../../release/reader.ts'
import { entriesOf, manifestOf } from './entries.ts'
import { readTarball } from './tarball.ts'

/** What a published file says of itself, before it is read. */
export interface Outline {
  readonly version: string
  /** It carries declarations. */
  readonly typed: boolean
  readonly dependencies: Readonly<Record<string, string>>
  /** Of its dependencies those that its declarations name: what it hands over is partly theirs. */
  readonly handed: readonly string[]
}

export interface OutlineJob {
  readonly from: PublishedVersion
  readonly to: PublishedVersion
}

async function outlineOf({ version, bytes }: PublishedVersion): Promise<Outline> {
  const files = await readTarball(bytes, (path) => path === 'package.json' || /\.d\.[cm]?ts$/.test(path))
  const manifest = manifestOf(files)
  const typed = entriesOf(files, manifest)[0]?.declarations !== undefined
  const dependencies = manifest.dependencies ?? {}
  const texts = [...files].filter(([path]) => path !== 'package.json').map(([, text]) => text)
  const isNamed = (name: string) =>
    texts.some((text) => text.includes(`'${name}'`) || text.includes(`"${name}"`))
  return { version, typed, dependencies, handed: Object.keys(dependencies).filter(isNamed) }
}

export async function outlinesOf({ from, to }: OutlineJob): Promise<readonly [Outline, Outline]> {
  return [await outlineOf(from), await outlineOf(to)]
}
