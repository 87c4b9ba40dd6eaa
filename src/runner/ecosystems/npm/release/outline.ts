import type { PublishedVersion } from '../../release/reader.ts'
import { entriesOf, manifestOf } from './entries.ts'
import { readTarball } from './tarball.ts'

/** What a published file says of itself, before it is read. */
export interface Outline {
  readonly version: string
  /** It carries declarations. */
  readonly typed: boolean
  readonly dependencies: Readonly<Record<string, string>>
}

export interface OutlineJob {
  readonly from: PublishedVersion
  readonly to: PublishedVersion
}

async function outlineOf({ version, bytes }: PublishedVersion): Promise<Outline> {
  const files = await readTarball(bytes, (path) => path === 'package.json' || /\.d\.[cm]?ts$/.test(path))
  const manifest = manifestOf(files)
  const typed = entriesOf(files, manifest)[0]?.declarations !== undefined
  return { version, typed, dependencies: manifest.dependencies ?? {} }
}

export async function outlinesOf({ from, to }: OutlineJob): Promise<readonly [Outline, Outline]> {
  return [await outlineOf(from), await outlineOf(to)]
}
