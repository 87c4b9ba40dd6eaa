import { z } from 'zod'
import { isRecord } from '../../../contract/json.ts'
import type { Project, Tree } from '../project.ts'
import { documentOf, Manifest } from './manifest.ts'

const Scripts = z.looseObject({ scripts: z.record(z.string(), z.string()).optional() })

/** What `npm init` writes: a project with this script has no tests. */
const placeholder = /^\s*echo\s+(["'\\]*)Error: no test specified\1\s*&&\s*exit 1\s*$/

function parse(bytes: Buffer | undefined): unknown {
  const document = documentOf(bytes)
  return document === undefined ? {} : document
}

/** A manifest that need not be one: what cannot be read is as if it were not there. */
export async function readLoosely(tree: Tree, path: string): Promise<Manifest> {
  const parsed = Manifest.safeParse(parse(await tree.read(path)))
  return parsed.success ? parsed.data : {}
}

/** The scripts of a manifest, without placeholders and empty ones. */
export async function readScripts(tree: Tree, manifest: string): Promise<ReadonlyMap<string, string>> {
  const parsed = Scripts.safeParse(parse(await tree.read(manifest)))
  const scripts = Object.entries(parsed.data?.scripts ?? {})
  return new Map(scripts.filter(([, text]) => text.trim() !== '' && !placeholder.test(text)))
}

/** Manifests of `patched` whose scripts differ from the base's, with the base's put back; everything else stays. */
export async function pinScripts(
  base: Tree,
  patched: Tree,
  project: Project,
): Promise<ReadonlyMap<string, Buffer>> {
  const pinned = new Map<string, Buffer>()
  for (const path of project.manifests) {
    const before = parse(await base.read(path))
    const after = parse(await patched.read(path))
    if (!isRecord(before) || !isRecord(after)) continue
    if (JSON.stringify(before.scripts) === JSON.stringify(after.scripts)) continue
    pinned.set(path, Buffer.from(`${JSON.stringify({ ...after, scripts: before.scripts }, null, 2)}\n`))
  }
  return pinned
}
