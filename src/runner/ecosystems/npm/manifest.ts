import picomatch from 'picomatch'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import { tryJson } from '../../../contract/json.ts'
import type { Tree } from '../project.ts'

const specifiers = z.record(z.string(), z.string()).optional()

/** What of a `package.json` we use. */
export const Manifest = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  dependencies: specifiers,
  devDependencies: specifiers,
  peerDependencies: specifiers,
  optionalDependencies: specifiers,
  overrides: z.record(z.string(), z.unknown()).optional(),
  resolutions: specifiers,
  workspaces: z
    .union([z.array(z.string()), z.looseObject({ packages: z.array(z.string()).optional() })])
    .optional(),
  engines: z
    .looseObject({ node: z.string().optional(), npm: z.string().optional() })
    .optional()
    .catch(undefined),
  volta: z.looseObject({ node: z.string().optional() }).optional().catch(undefined),
  packageManager: z.string().optional(),
  scripts: specifiers,
  pnpm: z.looseObject({}).optional(),
})
export type Manifest = z.infer<typeof Manifest>

export interface ManifestFile {
  /** Relative to the repository's root. */
  readonly path: string
  /** Folder of it; empty for the root. */
  readonly dir: string
  readonly text: string
  readonly manifest: Manifest
  /** All of it, in the order of the file. */
  readonly document: Readonly<Record<string, unknown>>
}

export const groups = {
  dependencies: 'prod',
  devDependencies: 'dev',
  peerDependencies: 'peer',
  optionalDependencies: 'optional',
} as const
export type GroupKey = keyof typeof groups
export const groupKeys = Object.keys(groups) as readonly GroupKey[]

/** The folder of a manifest; empty for the root's. */
export function folderOf(manifest: string): string {
  return manifest.replace(/\/?package\.json$/, '')
}

/** A manifest's text as JSON; undefined where there is none, or it is none. */
export function documentOf(bytes: Buffer | undefined): unknown {
  return bytes === undefined ? undefined : tryJson(withoutMark(bytes.toString('utf8')))
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}

export async function readManifest(tree: Tree, path: string): Promise<ManifestFile | undefined> {
  const bytes = await tree.read(path)
  if (bytes === undefined) return undefined
  const text = bytes.toString('utf8')
  const document = parseJson(path, text)
  const parsed = Manifest.safeParse(document)
  if (!parsed.success) throw failures.badManifest(path, z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return {
    path,
    dir: folderOf(path),
    text,
    manifest: parsed.data,
    document: document as Record<string, unknown>,
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(withoutMark(text))
  } catch (error) {
    throw failures.badManifest(path, error instanceof Error ? error.message : 'not JSON')
  }
}

/** The root's manifest and those of its workspaces, the root's first. */
export async function readManifests(tree: Tree): Promise<readonly ManifestFile[]> {
  const root = await readManifest(tree, 'package.json')
  if (root === undefined) return []
  const globs = [...workspaceGlobs(root.manifest), ...(await pnpmGlobs(tree))]
  const paths = matchWorkspaces(tree.paths, globs)
  const members = await Promise.all(paths.map((path) => readManifest(tree, path)))
  return [root, ...members.filter((member) => member !== undefined)]
}

export function workspaceGlobs(manifest: Manifest): readonly string[] {
  const { workspaces } = manifest
  if (workspaces === undefined) return []
  return Array.isArray(workspaces) ? workspaces : (workspaces.packages ?? [])
}

async function pnpmGlobs(tree: Tree): Promise<readonly string[]> {
  const bytes = await tree.read('pnpm-workspace.yaml')
  const Workspace = z.looseObject({ packages: z.array(z.string()).optional() })
  const parsed = Workspace.safeParse(bytes === undefined ? {} : parseYaml(bytes.toString('utf8')))
  return parsed.success ? (parsed.data.packages ?? []) : []
}

function matchWorkspaces(paths: readonly string[], globs: readonly string[]): readonly string[] {
  const clean = globs.map((glob) => glob.replace(/^(!?)(\.\/)?/, '$1').replace(/\/+$/, ''))
  const taken = picomatch(clean.filter((glob) => !glob.startsWith('!')))
  const dropped = picomatch(clean.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)))
  return paths.filter((path) => {
    if (!path.endsWith('/package.json') || path.includes('node_modules/')) return false
    const dir = path.slice(0, -'/package.json'.length)
    return taken(dir) && !dropped(dir)
  })
}
