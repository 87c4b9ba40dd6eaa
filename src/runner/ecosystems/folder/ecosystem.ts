import { posix } from 'node:path'
import type { Summary } from '../../../contract/report.ts'
import type { Warning } from '../../../contract/verdict.ts'
import { workspacePath } from '../../../contract/workspace.ts'
import type { Affected, Check, KitPart } from '../check.ts'
import type { Ecosystem, Inspection } from '../ecosystem.ts'
import type { Pass, UpdatePlan } from '../plan.ts'
import type { Project, Tree } from '../project.ts'
import type { CompanionRecipe, InstallRecipe } from '../recipe.ts'
import { folderTree } from './tree.ts'

/** Every method must be thought of here: one that is left out would see the repository's paths. */
type Every = { readonly [Key in keyof Required<Ecosystem>]: Ecosystem[Key] | undefined }

/**
 * An ecosystem for projects in one folder of a repository. To the outside all paths are the repository's; inside they are
 * the folder's, and commands run there.
 */
export function inFolder(inner: Ecosystem, folder: string): Ecosystem {
  if (folder === '') return inner
  const paths = pathsOf(folder)
  const view = (tree: Tree): Tree => folderTree(tree, folder)
  const { into, out, local } = paths
  const { inspection } = inner
  const every: Every = {
    ...pathless(inner),
    ...missingInside(inner, view, local),
    ...lockedInside(inner, view, local),
    detect: async (tree) => outward(paths, await inner.detect(view(tree))),
    outdated: async (tree, project, signal) => {
      const rows = await inner.outdated(view(tree), local(project), signal)
      return rows.map((row) => ({ ...row, manifest: out(row.manifest) }))
    },
    planUpdate: async (tree, project, { manifest, ...request }, signal) => {
      const wish = manifest === undefined ? request : { ...request, manifest: into(manifest) }
      return planOutward(paths, await inner.planUpdate(view(tree), local(project), wish, signal))
    },
    resolved: async (tree, project, name) => {
      const found = await inner.resolved(view(tree), local(project), name)
      return found.map((one) => ({ ...one, manifest: out(one.manifest) }))
    },
    decides: inner.decides && ((path) => inner.decides?.(into(path)) ?? false),
    inspection:
      inspection &&
      (async (tree, name, manifests) =>
        inspectionOutward(paths, await inspection(view(tree), name, manifests.map(into)))),
    release:
      inner.release && ((tree, update, signal) => inner.release?.(view(tree), update, signal) ?? none()),
    install: async (tree, project, mode) =>
      recipeOutward(paths, await inner.install(view(tree), local(project), mode)),
    companions:
      inner.companions &&
      (async (tree, project) => {
        const made = await inner.companions?.(view(tree), local(project))
        return made && companionsOutward(paths, made)
      }),
    explainLock: async (before, after, patch) => {
      const files = patch.files.map((file) => ({ ...file, path: into(file.path) }))
      const found = await inner.explainLock(view(before), view(after), { ...patch, files })
      return warningsOutward(paths, found)
    },
    checks: async (tree, project, { testFiles, ...scope }) => {
      const wish = testFiles === undefined ? scope : { ...scope, testFiles: testFiles.map(into) }
      const found = await inner.checks(view(tree), local(project), wish)
      return found.map((check) => checkOutward(paths, check))
    },
    affected:
      inner.affected &&
      (async (tree, changed) =>
        affectedOutward(paths, await inner.affected?.(view(tree), changed.map(into)))),
    pinScripts:
      inner.pinScripts &&
      (async (base, patched, project) => {
        const pinned = await inner.pinScripts?.(view(base), view(patched), local(project))
        return filesOutward(paths, pinned ?? new Map())
      }),
    kitParts:
      inner.kitParts &&
      (async (base, patched, project) => {
        const parts = (await inner.kitParts?.(view(base), view(patched), local(project))) ?? []
        return parts.map((part) => partOutward(paths, part))
      }),
    summarise: (step, log) => summaryOutward(paths, inner.summarise(step, log)),
  }
  return Object.fromEntries(
    Object.entries(every).filter(([, value]) => value !== undefined),
  ) as unknown as Ecosystem
}

/** What knows no paths of a manifest, or has them from the workspace. */
function pathless(inner: Ecosystem) {
  const {
    id,
    namespaced,
    conflicts,
    words,
    remedy,
    looserPeers,
    archives,
    namespacesOf,
    results,
    counts,
    unnamed,
    ownScripts,
    installed,
    reach,
  } = inner
  const told = { conflicts, words, remedy, looserPeers, ownScripts, installed }
  return { id, namespaced, ...told, archives, namespacesOf, results, counts, unnamed, reach }
}

/** What a lock file names and when that was published: packages and times, no paths. */
function lockedInside({ locked, published }: Ecosystem, view: (tree: Tree) => Tree, local: Paths['local']) {
  return {
    locked: locked && ((tree: Tree, project: Project) => locked(view(tree), local(project))),
    published:
      published &&
      ((tree: Tree, name: string, of: readonly string[], signal?: AbortSignal) =>
        published(view(tree), name, of, signal)),
  }
}

/** What is missing is named by packages, not by paths. */
function missingInside({ leaveOut, lacking }: Ecosystem, view: (tree: Tree) => Tree, local: Paths['local']) {
  return {
    leaveOut:
      leaveOut &&
      ((...[tree, project, missing]: Parameters<typeof leaveOut>) =>
        leaveOut(view(tree), local(project), missing)),
    lacking: lacking && ((tree: Tree, log: string) => lacking(view(tree), log)),
  }
}

const none = async (): Promise<undefined> => undefined

interface Paths {
  readonly folder: string
  /** From the repository's root to the folder, and back. */
  readonly into: (path: string) => string
  readonly out: (path: string) => string
  readonly local: (project: Project) => Project
}

function pathsOf(folder: string): Paths {
  const into = (path: string): string => posix.relative(`/${folder}`, `/${path}`)
  const out = (path: string): string => posix.join(folder, path)
  return { folder, into, out, local: (project) => withPaths(project, into) }
}

function withPaths(project: Project, change: (path: string) => string): Project {
  const { locks, manifests } = project
  return {
    ...project,
    manifests: manifests.map(change),
    locks: locks.map((lock) => ({ ...lock, path: change(lock.path) })),
  }
}

function outward({ out }: Paths, project: Project | undefined): Project | undefined {
  return project && withPaths(project, out)
}

function filesOutward({ out }: Paths, files: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  return new Map([...files].map(([path, bytes]) => [out(path), bytes]))
}

function partOutward({ out }: Paths, part: KitPart): KitPart {
  const manifest = out(part.manifest)
  return { ...part, manifest, label: part.label.replace(part.manifest, manifest) }
}

function warningsOutward({ out }: Paths, warnings: readonly Warning[]): readonly Warning[] {
  return warnings.map((one) => (one.path === undefined ? one : { ...one, path: out(one.path) }))
}

function passOutward(paths: Paths, { manifests, loosened }: Pass): Pass {
  return {
    manifests: filesOutward(paths, manifests),
    ...(loosened === undefined
      ? {}
      : {
          loosened: {
            manifests: filesOutward(paths, loosened.manifests),
            adapt: (path, bytes) => loosened.adapt(paths.into(path), bytes),
          },
        }),
  }
}

function planOutward(paths: Paths, plan: UpdatePlan | undefined): UpdatePlan | undefined {
  return (
    plan && {
      ...plan,
      files: filesOutward(paths, plan.files),
      resolution: plan.resolution.map((pass) => passOutward(paths, pass)),
      ...(plan.warnings === undefined ? {} : { warnings: warningsOutward(paths, plan.warnings) }),
      ...(plan.left === undefined ? {} : { left: new Set([...plan.left].map(paths.out)) }),
      ...(plan.newerTools === undefined
        ? {}
        : { newerTools: { ...plan.newerTools, project: withPaths(plan.newerTools.project, paths.out) } }),
    }
  )
}

/** What the runner itself lays into a workspace has its place at the top. */
const ours = /^\.drydock-/

function recipeOutward(paths: Paths, recipe: InstallRecipe): InstallRecipe {
  const { out, into, folder } = paths
  return {
    ...recipe,
    files: new Map([...recipe.files].map(([path, bytes]) => [ours.test(path) ? path : out(path), bytes])),
    command: inside(folder, recipe.command),
    outputs: recipe.outputs.map(out),
    restore: (path, bytes) => recipe.restore(into(path), bytes),
    scripts: recipe.scripts.map((script) => ({
      ...script,
      cwd: out(script.cwd ?? ''),
      display: `cd ${folder} && ${script.display}`,
    })),
    warnings: warningsOutward(paths, recipe.warnings),
  }
}

function companionsOutward(paths: Paths, recipe: CompanionRecipe): CompanionRecipe {
  const { out, into } = paths
  const { kept, archives } = recipe
  return {
    ...recipe,
    ...recipeOutward(paths, recipe),
    kept: kept.map(out),
    ...(archives === undefined
      ? {}
      : { archives: { folder: out(archives.folder), paths: archives.paths.map(out) } }),
    isGone: (path) => recipe.isGone(into(path)),
  }
}

function inside(folder: string, argv: readonly string[]): readonly string[] {
  return ['/usr/bin/env', '-C', `${workspacePath}/${folder}`, ...argv]
}

function checkOutward(paths: Paths, check: Check): Check {
  const { folder } = paths
  const { chain, parts } = check
  return {
    ...check,
    ...(parts === undefined ? {} : { parts: parts.map(paths.out) }),
    display: `cd ${folder} && ${check.display}`,
    argv: inside(folder, check.argv),
    ...(chain === undefined
      ? {}
      : { chain: { ...chain, checks: chain.checks.map((one) => checkOutward(paths, one)) } }),
  }
}

/** Where it looks from the workspace down, it looks from the folder down. */
function inspectionOutward({ folder, out }: Paths, { argv, read }: Inspection): Inspection {
  return {
    argv: argv.map((word) => (word === workspacePath ? `${workspacePath}/${folder}` : word)),
    read: (output) => new Map([...read(output)].map(([path, found]) => [out(path), found])),
  }
}

function affectedOutward({ into }: Paths, affected: Affected | undefined): Affected | undefined {
  return affected && { ...affected, covers: (path) => affected.covers(into(path)) }
}

/** Tools name files as they see them from the folder; those that name them in full have been shortened already. */
function summaryOutward({ folder, out }: Paths, summary: Summary): Summary {
  return {
    ...summary,
    failures: summary.failures.map((one) =>
      one.file === undefined || one.file.startsWith('/') || one.file.startsWith(`${folder}/`)
        ? one
        : { ...one, file: out(one.file) },
    ),
    text: `Run in ${folder}/; paths in this output may be relative to it.\n${summary.text}`,
  }
}
