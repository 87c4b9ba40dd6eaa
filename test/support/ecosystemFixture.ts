import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenedEcosystem } from '../../src/runner/ecosystems/module.ts'

/** A small project of one ecosystem with its registry, for the suite that every ecosystem passes. */
export interface EcosystemFixture {
  /** Opens the ecosystem over a registry on loopback; `cacheDir` is a folder of the test's own. */
  open(cacheDir: string): Promise<AsyncDisposable & { readonly opened: OpenedEcosystem; asked(): number }>
  /** A project that declares `package` at `from`; its registry has `to` as the latest. */
  readonly files: Readonly<Record<string, string>>
  readonly package: string
  readonly from: string
  readonly to: string
  /** As a person would type the update. */
  readonly spec: string
  /** Paths below the first upstream that the registry serves, and that nobody may be asked for. */
  readonly requests: { readonly served: string; readonly refused: readonly string[] }
  /** What a failing check prints and leaves, and the name of the test that failed. */
  readonly failing: {
    readonly log: string
    readonly files: Readonly<Record<string, string>>
    readonly test: string
  }
}

const folder = join(import.meta.dirname, 'ecosystems')

/** By id. */
export async function ecosystemFixtures(): Promise<ReadonlyMap<string, EcosystemFixture>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'))
  const loaded = names.map(async (name) => {
    const { fixture } = (await import(`./ecosystems/${name}`)) as { readonly fixture: EcosystemFixture }
    return [name.replace(/\.ts$/, ''), fixture] as const
  })
  return new Map(await Promise.all(loaded))
}
