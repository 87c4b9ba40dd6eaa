import { posix } from 'node:path'
import { z } from 'zod'
import { tryJson } from '../../../../contract/json.ts'
import { devContainerTool } from '../../devContainer.ts'
import { miseTool } from '../../mise.ts'
import type { Tree } from '../../project.ts'
import type { Manifest } from '../manifest.ts'

/** A version that something in the repository asks for, as it is written. */
export interface Wish {
  readonly text: string
  /** Where it stands, as a person would look for it. */
  readonly source: string
}

/** Wishes for a Node in the order in which they count, before what `engines` leave open. */
export async function nodeWishes(
  tree: Tree,
  manifest: Manifest,
  configured: string | undefined,
): Promise<readonly Wish[]> {
  const wishes: (Wish | undefined)[] = [wish(configured, 'node in .drydock.json')]
  for (const path of ['.nvmrc', '.node-version']) wishes.push(wish(firstLine(await text(tree, path)), path))
  wishes.push(wish(asdf(await text(tree, '.tool-versions')), '.tool-versions'))
  const mise = await miseTool(tree, ['node', 'nodejs'])
  wishes.push(wish(mise?.version, mise?.path ?? ''))
  wishes.push(wish(await voltaNode(tree, manifest), 'volta in package.json'))
  wishes.push(wish(devEngine(manifest, 'runtime', 'node'), 'devEngines in package.json'))
  const container = await devContainerTool(tree, 'node')
  wishes.push(wish(container?.version, container?.source ?? ''))
  return wishes.filter((one) => one !== undefined)
}

function wish(value: string | undefined, source: string): Wish | undefined {
  return value === undefined || value.trim() === '' ? undefined : { text: value.trim(), source }
}

async function text(tree: Tree, path: string): Promise<string | undefined> {
  return (await tree.read(path))?.toString('utf8')
}

/** The first line that says something: comments are allowed in these files. */
function firstLine(content: string | undefined): string | undefined {
  return content
    ?.replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*$/, '').trim())
    .find((line) => line !== '')
}

/** The first of the versions that a line of `.tool-versions` lists. */
function asdf(content: string | undefined): string | undefined {
  return content === undefined ? undefined : /^\s*node(?:js)?\s+([^\s#]+)/m.exec(content)?.[1]
}

const Volta = z.looseObject({
  volta: z.looseObject({ node: z.string().optional(), extends: z.string().optional() }).optional(),
})
const longestChain = 4

/** Volta lets a workspace's manifest take its versions from another file. */
async function voltaNode(tree: Tree, manifest: Manifest): Promise<string | undefined> {
  let own = Volta.safeParse(manifest).data?.volta
  let dir = ''
  for (let hops = 0; own !== undefined && hops < longestChain; hops += 1) {
    if (own.node !== undefined) return own.node
    if (own.extends === undefined) return undefined
    const path = posix.join(dir, own.extends)
    dir = posix.dirname(path)
    own = Volta.safeParse(tryJson((await text(tree, path)) ?? '')).data?.volta
  }
  return undefined
}

const DevEngine = z.looseObject({ name: z.string(), version: z.string().optional() })
const DevEngines = z.looseObject({
  devEngines: z.record(z.string(), z.union([DevEngine, z.array(DevEngine)])).optional(),
})

/** As npm reads `devEngines` of a manifest (its documentation, "package.json"). */
export function devEngine(
  manifest: Manifest,
  kind: 'runtime' | 'packageManager',
  name: string,
): string | undefined {
  const found = DevEngines.safeParse(manifest).data?.devEngines?.[kind]
  const all = found === undefined ? [] : Array.isArray(found) ? found : [found]
  return all.find((engine) => engine.name === name)?.version
}
