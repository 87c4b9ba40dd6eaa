import type { Ecosystem } from '../ecosystem.ts'
import { results } from '../results.ts'
import { checks } from './checks.ts'
import { conflicts } from './conflicts.ts'
import { detect } from './detect.ts'
import type { NpmHost } from './host.ts'
import { install } from './install.ts'
import { explainLock } from './lockdiff.ts'
import { outdated } from './outdated.ts'
import { planUpdate } from './plan.ts'
import { createRegistry } from './registry.ts'
import { publishedRelease } from './release/published.ts'
import { inspection, resolved } from './resolved.ts'
import { pinScripts } from './scripts.ts'
import type { SourceFetcher } from './sources/settle.ts'
import { summariseNpm } from './summarise/index.ts'

export interface NpmOptions {
  readonly host: NpmHost
  /** Folder on the host, shared with the broker. */
  readonly cacheDir: string
  /** Program of `release/worker.ts`; where there is none, no release is read. */
  readonly releaseReader?: string
  /** For dependencies from git and from addresses; refused where there is none. */
  readonly sources?: SourceFetcher
}

/** npm, pnpm and yarn. */
export function npmEcosystem({ host, cacheDir, releaseReader, sources }: NpmOptions): Ecosystem {
  const registry = createRegistry(host, cacheDir)
  return {
    id: 'npm',
    detect,
    outdated: (tree, project, signal) => outdated(tree, project, registry, signal),
    planUpdate: (tree, project, request, signal) => planUpdate(tree, project, request, registry, signal),
    resolved,
    inspection: async (_, name, manifests) => inspection(name, manifests),
    ...(releaseReader === undefined
      ? {}
      : {
          release: (tree, update, signal) =>
            publishedRelease(tree, update, { registry, cacheDir, reader: releaseReader }, signal),
        }),
    decides: (path) => path === '.yarnrc.yml' || path === '.npmrc',
    install: (tree, project, mode) => install(tree, project, mode, host, sources),
    conflicts,
    explainLock,
    checks,
    pinScripts,
    results,
    summarise: summariseNpm,
  }
}
