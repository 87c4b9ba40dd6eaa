import { openStore } from '../../broker/store.ts'
import type { NpmHost } from '../../registries/npm/host.ts'
import { createRegistry } from '../../registries/npm/registry.ts'
import type { Ecosystem } from '../ecosystem.ts'
import type { SourceFetcher } from '../sources.ts'
import { checks } from './checks.ts'
import { conflicts } from './conflicts.ts'
import { counts } from './counts.ts'
import { detect } from './detect.ts'
import { install } from './install.ts'
import { kitParts } from './kit.ts'
import { explainLock } from './lockdiff.ts'
import { folderOf } from './manifest.ts'
import { leaveOut, stubsOf } from './missing.ts'
import { locked, ownScripts, registryName } from './moved.ts'
import { outdated } from './outdated.ts'
import { planUpdate } from './plan.ts'
import { nodeReach } from './reach.ts'
import { publishedRelease } from './release/published.ts'
import { looserPeers, remedy } from './remedy.ts'
import { inspection, resolved } from './resolved.ts'
import { npmResults, unnamedParts } from './results.ts'
import { pinScripts } from './scripts.ts'
import { summariseNpm } from './summarise/index.ts'
import { words } from './words.ts'
import { companions } from './zeroInstall.ts'

export interface NpmOptions {
  readonly host: NpmHost
  /** Folder on the host, shared with the broker. */
  readonly cacheDir: string
  /** Program of `release/worker.ts`; where there is none, no release is read. */
  readonly releaseReader?: string
  /** What no registry has is left out where that can be; the user's setting. */
  readonly allowMissing?: boolean
  /** For dependencies from git and from addresses; refused where there is none. */
  readonly sources?: SourceFetcher
}

/** npm, pnpm and yarn. */
export function npmEcosystem(options: NpmOptions): Ecosystem {
  const { host, cacheDir, releaseReader, allowMissing, sources } = options
  const registry = createRegistry(host, cacheDir)
  const store = openStore(`${cacheDir}/packages`)
  // What installs did not get and may be left out.
  const missing = new Set<string>()
  return {
    id: 'npm',
    detect: (tree) => detect(tree),
    outdated: (tree, project, signal) => outdated(tree, project, registry, signal),
    planUpdate: (tree, project, request, signal) => planUpdate(tree, project, request, registry, signal),
    resolved,
    locked,
    ownScripts: async ({ name, version }, signal) =>
      ownScripts(await registry.tarball(name, version, signal)),
    published: async (tree, name, _, signal) => registry.published(await registryName(tree, name), signal),
    inspection: async (_, name, manifests) => inspection(name, manifests),
    ...(releaseReader === undefined
      ? {}
      : {
          release: (tree, update, signal) =>
            publishedRelease(tree, update, { registry, cacheDir, reader: releaseReader }, signal),
        }),
    decides: (path) => path === '.yarnrc.yml' || path === '.npmrc',
    install: async (tree, project, mode) => {
      const stubs = allowMissing === true ? await stubsOf(tree, project, registry, missing) : []
      // The broker then has them, as it has every package that was once fetched.
      for (const { integrity, bytes } of stubs) await store.put(integrity, bytes)
      return await install(tree, project, mode, host, { stubs, fetcher: sources })
    },
    ...(allowMissing === true
      ? { leaveOut: (tree, project, { gone }) => leaveOut(tree, project, gone, missing) }
      : {}),
    companions: (tree, project) => companions(tree, project, host),
    conflicts,
    remedy,
    looserPeers,
    words,
    explainLock,
    checks,
    pinScripts,
    kitParts,
    results: (files, log) => npmResults(files, log),
    unnamed: (files, tests, project, own) =>
      unnamedParts(files, tests, {
        sure: own.flatMap(({ parts = [] }) => parts),
        members: project.manifests.slice(1).map(folderOf),
      }),
    counts,
    summarise: summariseNpm,
    reach: nodeReach,
  }
}
