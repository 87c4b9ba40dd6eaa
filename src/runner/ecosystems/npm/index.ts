import type { Ecosystem } from '../ecosystem.ts'
import { results } from '../results.ts'
import { checks } from './checks.ts'
import { conflicts } from './conflicts.ts'
import { detect } from './detect.ts'
import type { NpmHost } from './host.ts'
import { install } from './install.ts'
import { kitParts } from './kit.ts'
import { explainLock } from './lockdiff.ts'
import { outdated } from './outdated.ts'
import { planUpdate } from './plan.ts'
import { createRegistry } from './registry.ts'
import { publishedRelease } from './release/published.ts'
import { pinScripts } from './scripts.ts'
import { summariseNpm } from './summarise/index.ts'

export interface NpmOptions {
  readonly host: NpmHost
  /** Folder on the host, shared with the broker. */
  readonly cacheDir: string
  /** Program of `release/worker.ts`; where there is none, no release is read. */
  readonly releaseReader?: string
}

/** npm, pnpm and yarn. */
export function npmEcosystem({ host, cacheDir, releaseReader }: NpmOptions): Ecosystem {
  const registry = createRegistry(host, cacheDir)
  return {
    id: 'npm',
    detect,
    outdated: (tree, project, signal) => outdated(tree, project, registry, signal),
    planUpdate: (tree, project, request, signal) => planUpdate(tree, project, request, registry, signal),
    ...(releaseReader === undefined
      ? {}
      : {
          release: (tree, update, signal) =>
            publishedRelease(tree, update, { registry, cacheDir, reader: releaseReader }, signal),
        }),
    install: (tree, project, mode) => install(tree, project, mode, host),
    conflicts,
    explainLock,
    checks,
    pinScripts,
    kitParts,
    results,
    summarise: summariseNpm,
  }
}
