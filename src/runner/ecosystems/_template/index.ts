import type { Ecosystem as EcosystemId } from '../../../contract/ecosystems/index.ts'
import { workspacePath } from '../../../contract/workspace.ts'
import type { TemplateHost } from '../../registries/_template/host.ts'
import { createTemplateRegistry } from '../../registries/_template/registry.ts'
import { compose, ordered } from '../../summarise/compose.ts'
import { LineCutter } from '../../summarise/lines.ts'
import type { Check, CheckScope } from '../check.ts'
import type { Ecosystem } from '../ecosystem.ts'
import type { Project, Tree } from '../project.ts'
import { readRepositoryConfig } from '../repositoryConfig.ts'
import { install, words } from './install.ts'
import { results, summariser } from './logs.ts'
import { declared, manifestPath } from './manifest.ts'
import { outdated, planUpdate } from './update.ts'

const id = '_template' as string as EcosystemId

async function detect(tree: Tree): Promise<Project | undefined> {
  if (!tree.paths.includes(manifestPath)) return undefined
  return {
    ecosystem: id,
    packageManager: 'vendor.txt',
    manifests: [manifestPath],
    versionsIn: 'manifests',
    locks: [],
    image: { kind: 'node', major: 24 },
    config: await readRepositoryConfig(tree),
  }
}

function checks(tree: Tree, { steps }: CheckScope): readonly Check[] {
  if (!tree.paths.includes('check.sh') || steps?.includes('test') === false) return []
  return [{ step: 'test', display: 'sh check.sh', argv: ['sh', 'check.sh'], env: {} }]
}

export function templateEcosystem(host: TemplateHost): Ecosystem {
  const registry = createTemplateRegistry(host)
  const [upstream] = host.upstreams
  return {
    id,
    detect,
    outdated: (tree, _, signal) => outdated(tree, registry, signal),
    planUpdate: (tree, _, request, signal) => planUpdate(tree, request, registry, signal),
    resolved: async (tree, _, name) =>
      (await declared(tree))
        .filter((one) => one.name === name)
        .map(({ version }) => ({ manifest: manifestPath, version })),
    install: (tree) => install(tree, upstream),
    words,
    // The manifest is all there is: a lock file would be explained by it here.
    explainLock: async () => [],
    checks: async (tree, _, scope) => checks(tree, scope),
    results: (_, log = '') => results(log),
    summarise(_, log) {
      const reading = summariser()
      const cutter = new LineCutter(reading)
      cutter.push(log)
      cutter.end()
      return compose(ordered(reading.sections()), workspacePath)
    },
  }
}
