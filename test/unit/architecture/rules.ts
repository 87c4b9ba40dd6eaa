import type { Module } from '../../support/sourceGraph.ts'

/** What the modules below a path may take: paths of the tree, and packages; `*` is any package but Node's own. */
export interface Rule {
  readonly modules: readonly string[]
  readonly packages: readonly string[]
}

const contract = 'src/contract/'
/** Sessions on disk: the runner writes them, the extension reads them. */
const store = 'src/store/'
const node = ['node:*', '*']

/** Services of the runner: what each of them may use besides the contract, itself and the runner's own small files. */
const services: Readonly<Record<string, readonly string[]>> = {
  docker: ['toolchains'],
  toolchains: [],
  patch: [],
  prompt: [],
  summarise: ['languages'],
  git: ['ecosystems', 'patch'],
  gateway: [],
  broker: ['docker', 'registries'],
  registries: ['broker', 'docker'],
  gitSource: ['broker', 'git'],
  hosts: [],
  leftovers: [],
  codemod: ['docker', 'gateway', 'git', 'patch', 'prompt'],
  repairEval: ['git'],
  evidence: ['git', 'gitSource', 'patch'],
  fleet: ['archive', 'gateway', 'git'],
  archive: [],
  languages: ['integrity', 'summarise'],
  ecosystems: [
    ...['broker', 'docker', 'git', 'gitSource', 'integrity', 'languages', 'registries', 'summarise'],
    'toolchains',
  ],
  integrity: ['ecosystems', 'git', 'languages', 'patch'],
  install: ['broker', 'docker', 'ecosystems'],
  terminal: ['commands'],
  telemetry: ['gateway'],
}

/** Functions of the pipeline: never each other, nor what knows their order. */
const functions: Readonly<Record<string, readonly string[]>> = {
  package: ['git'],
  update: ['docker', 'ecosystems', 'git', 'install'],
  prepare: ['docker', 'ecosystems', 'git', 'install'],
  verify: ['docker', 'ecosystems', 'git', 'integrity', 'patch'],
  repair: ['docker', 'ecosystems', 'gateway', 'languages', 'prompt'],
  judge: ['gateway', 'prompt'],
  publish: ['git', 'hosts', 'patch'],
}

/** Files of the runner that hang on nothing but the contract and these services: everybody may use them. */
const small = ['scratch', 'secretTexts', 'secretVariables', 'stage', 'wholeFile', 'xml'].map(
  (name) => `src/runner/${name}.ts`,
)

function inRunner([name, uses]: readonly [string, readonly string[]]): readonly [string, Rule] {
  const folders = [name, ...uses].map((one) => `src/runner/${one}/`)
  return [`src/runner/${name}/`, { modules: [contract, store, ...folders, ...small], packages: node }]
}

/** The longest path that a module lies below counts. */
export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [contract, { modules: [contract], packages: ['zod'] }],
  ['sandbox/', { modules: ['sandbox/', contract], packages: node }],
  ['webview-ui/', { modules: ['webview-ui/', contract], packages: ['*'] }],
  [store, { modules: [store, contract], packages: node }],
  ['src/extension/', { modules: ['src/extension/', contract, store], packages: node }],
  ['src/runner/', { modules: ['src/runner/', contract, store], packages: node }],
  ...Object.entries({ ...services, ...functions }).map(inRunner),
])

/** Packages that only one part of the product knows. */
const only: ReadonlyMap<string, string> = new Map([
  ['vscode', 'src/extension/'],
  ['dockerode', 'src/runner/docker/'],
  ['preact', 'webview-ui/'],
  ['@opentelemetry/api', 'src/runner/telemetry/'],
  ['@opentelemetry/core', 'src/runner/telemetry/'],
  ['@opentelemetry/sdk-trace-base', 'src/runner/telemetry/'],
  ['@opentelemetry/exporter-trace-otlp-proto', 'src/runner/telemetry/'],
  ['@octokit/rest', 'src/runner/hosts/github/'],
  ['bullmq', 'src/runner/fleet/'],
  ['ioredis', 'src/runner/fleet/'],
  ['aws4fetch', 'src/runner/fleet/'],
  ['@bull-board/api', 'src/runner/fleet/'],
  ['@bull-board/express', 'src/runner/fleet/'],
])

export function ruleOf(path: string): Rule | undefined {
  const found = [...rules].filter(([below]) => path.startsWith(below))
  return found.toSorted(([a], [b]) => b.length - a.length)[0]?.[1]
}

/** What a module takes and may not. */
export function forbidden({ path, modules, packages }: Module): readonly string[] {
  const rule = ruleOf(path)
  if (rule === undefined) return [`${path} lies below no folder that the table knows`]
  const wrong = [
    ...modules.filter((one) => !rule.modules.some((may) => one === may || one.startsWith(may))),
    ...packages.filter((one) => !mayUse(path, one, rule)),
  ]
  return wrong.map((one) => `${path} → ${one}`)
}

function mayUse(path: string, name: string, { packages }: Rule): boolean {
  const owner = only.get(name)
  if (owner !== undefined) return path.startsWith(owner)
  return packages.includes(name) || (name !== 'node:*' && packages.includes('*'))
}
