import { posix } from 'node:path'
import semver from 'semver'
import { z } from 'zod'
import { tryJson } from '../../../contract/json.ts'
import { workspacePath } from '../../../contract/workspace.ts'
import type { Inspection } from '../ecosystem.ts'
import type { Resolved } from '../plan.ts'
import type { Project, Tree } from '../project.ts'
import { type Declaration, declarations } from './declarations.ts'
import { lockOf } from './locks/index.ts'
import { parsePackageManager } from './managers.ts'
import { readManifests } from './manifest.ts'
import { placeLabel, readBy } from './pins.ts'

/** What the lock file has for every manifest that declares a package, and what decides it there. */
export async function resolved(tree: Tree, project: Project, name: string): Promise<readonly Resolved[]> {
  const [manifests, lock] = await Promise.all([readManifests(tree), lockOf(tree, project)])
  const members = new Set(manifests.map(({ manifest }) => manifest.name))
  const declared = await declarations(tree, manifests, project, lock)
  const unknown = new Set(manifests.filter(({ dir }) => lock.knows?.(dir) === false).map(({ path }) => path))
  return declared.flatMap((one) => {
    if (one.name !== name || one.manifest === undefined || one.group === undefined || members.has(name))
      return []
    const place = resolvedOne(one, one.manifest, project)
    return [
      unknown.has(one.manifest)
        ? { ...place, aside: `${project.locks[0]?.path} is not for this manifest` }
        : place,
    ]
  })
}

function resolvedOne(one: Declaration, manifest: string, project: Project): Resolved {
  const { specifier, current, resolvesTo, group, name, text } = one
  const by = deciderOf(one, manifest, project)
  const means = specifier?.name ?? name
  return {
    manifest,
    ...(specifier === undefined ? { elsewhere: text } : {}),
    ...(means === name ? {} : { means }),
    ...(resolvesTo === undefined || resolvesTo === means ? {} : { instead: resolvesTo }),
    ...(current === undefined ? {} : { version: current }),
    ...(group === 'peerDependencies' || group === 'optionalDependencies' ? { optional: true } : {}),
    ...(by === undefined ? {} : { by }),
  }
}

/** The override that is read by this manager, before the catalog. */
function deciderOf(one: Declaration, manifest: string, project: Project): string | undefined {
  const { name } = parsePackageManager(project.packageManager)
  const read = one.pins.filter((pin) => readBy(name, pin))
  const pin = read.find(({ text }) => admits(text, one.current)) ?? read[0]
  if (pin !== undefined) return `${pin.label} (${pin.text})`
  return one.path === manifest ? undefined : `${placeLabel(one.keys, one.path)} (${one.text})`
}

function admits(text: string, version: string | undefined): boolean {
  return version !== undefined && semver.validRange(text) !== null && semver.satisfies(version, text)
}

const Line = z.strictObject({ dir: z.string(), name: z.string().optional(), version: z.string() })

/** Asks Node's own way of looking: each folder's `node_modules`, upwards. */
export function inspection(name: string, manifests: readonly string[]): Inspection {
  const byDir = new Map(manifests.map((path) => [posix.dirname(path), path]))
  return {
    argv: ['/usr/local/bin/node', '-e', lookScript, workspacePath, name, ...byDir.keys()],
    read: (output) => {
      const found = new Map<string, { readonly name?: string; readonly version: string }>()
      for (const line of output.split('\n')) {
        const parsed = Line.safeParse(tryJson(line))
        const manifest = parsed.success ? byDir.get(parsed.data.dir) : undefined
        if (!parsed.success || manifest === undefined) continue
        const { dir: _, ...rest } = parsed.data
        found.set(manifest, {
          version: rest.version,
          ...(rest.name === undefined ? {} : { name: rest.name }),
        })
      }
      return found
    },
  }
}

/** It reads and runs nothing of the workspace but one `package.json` a folder. */
const lookScript = `
const { readFileSync, statSync } = require('node:fs')
const { posix } = require('node:path')
const [root, name, ...dirs] = process.argv.slice(1)
for (const dir of dirs) {
  for (let at = posix.join(root, dir); at.startsWith(root); at = posix.dirname(at)) {
    try {
      const path = at + '/node_modules/' + name + '/package.json'
      if (statSync(path).size > 4e6) break
      const found = JSON.parse(readFileSync(path, 'utf8'))
      console.log(JSON.stringify({ dir, name: String(found.name), version: String(found.version) }))
      break
    } catch {}
  }
}
`
