import type { Upstream } from '../../broker/upstream.ts'
import { relayUrl } from '../../broker/upstream.ts'
import type { InstallWords } from '../installWords.ts'
import type { Tree } from '../project.ts'
import type { InstallRecipe } from '../recipe.ts'
import { declared, manifestPath } from './manifest.ts'

/** How the program below says why nothing came of it. */
export const words: InstallWords = {
  reasons: [/^cannot fetch (?<text>.+)$/],
  notFound: /^cannot fetch \S+: 404$/m,
  noVersion: [],
  causes: [[/^cannot fetch/m, 'Correct the line of vendor.txt, or add the package to your registry.']],
}

/** Runs in the install container, whose only way out is the relay. */
const program = `
const [origin] = process.argv.slice(1)
const { mkdirSync, readFileSync, writeFileSync } = await import('node:fs')
mkdirSync('vendor', { recursive: true })
for (const line of readFileSync('${manifestPath}', 'utf8').split('\\n')) {
  const [, name, version] = /^([a-z][a-z0-9-]*) ([^\\s#]+)/.exec(line) ?? []
  if (name === undefined) continue
  const answer = await fetch(origin + name + '/' + version)
  if (!answer.ok) throw 'cannot fetch ' + name + '@' + version + ': ' + answer.status
  writeFileSync('vendor/' + name + '.txt', Buffer.from(await answer.arrayBuffer()))
}
`

/** The manifest alone goes in; nothing of the project is run. */
export async function install(tree: Tree, upstream: Upstream): Promise<InstallRecipe> {
  const manifest = (await tree.read(manifestPath)) ?? Buffer.alloc(0)
  return {
    files: new Map([[manifestPath, manifest]]),
    words,
    command: ['node', '--input-type=module', '--eval', program, relayUrl(upstream)],
    env: {},
    outputs: [],
    restore: (_, bytes) => bytes,
    pins: new Map(),
    packages: (await declared(tree)).length,
    keep: ['vendor'],
    scripts: [],
    warnings: [],
  }
}
