import assert from 'node:assert/strict'
import { ecosystems } from '../../../src/contract/ecosystems/index.ts'
import { type Module, parseModule, sourceModules, visit } from '../../support/sourceGraph.ts'

/** Folders that may name what they are for. */
const own = /\/(?:ecosystems|registries|languages|toolchains)\/|^sandbox\/(?:maven|reporters)\//

/** Files that name one all the same, and why. */
const known: Readonly<Record<string, string>> = {
  'src/contract/engineFailures.ts': "Drydock's own set-up is a script of npm",
  'src/contract/failures.ts': 'advice about registries names the commands of those who have them',
  'src/contract/fleetFailures.ts': 'Bull Board is a package of npm',
  'src/contract/installFailures.ts': 'advice about registries names the commands of those who have them',
  'src/extension/runner/runnerCopy.ts': "Drydock's own package.json",
  'src/runner/broker/remote/cached.ts': "a library of npm's authors that speaks HTTP through proxies",
  'src/runner/broker/remote/remote.ts': "a library of npm's authors that finds a host's credentials",
  'src/runner/docker/images.ts': "Drydock's own build is a script of npm",
  'src/runner/docker/packages.ts': "images are made of npm's packages, fetched by the host's npm",
  'src/runner/evidence/workflow.ts': "Drydock's own build is a script of npm",
  'src/runner/gitSource/gitSource.ts': 'packs a commit in the form that the relay serves',
  'src/runner/gitSource/packed.ts': 'packs a commit in the form that the relay serves',
  'src/runner/integrity/configuration.ts': 'files and variables of tools, whoever runs them',
  'src/runner/integrity/tests.ts': 'variables by which code finds out that it is tested',
  'src/runner/main.ts': "Drydock's own package.json",
  'src/runner/package/secrets.ts': 'forms of secrets, whoever issues them',
  'src/runner/patch/roles.ts': 'files of tools that are no ecosystem of their own',
  'src/runner/scratch.ts': 'names of temporary folders',
  'src/runner/secretTexts.ts': 'forms of secrets, whoever issues them',
  'src/runner/telemetry/collector.ts': "a library of npm's authors that speaks HTTP through proxies",
  'src/runner/verify/hostDifference.ts': 'what builds of every kind say of the machine they run on',
}

const words = [
  ...new Set(
    ecosystems.flatMap(({ id, managers, manifest, manifests, lockfiles }) =>
      [id, ...managers, manifest, ...manifests, ...lockfiles].map((word) => word.toLowerCase()),
    ),
  ),
]

/** Languages, as folders below `src/runner/languages` are called, and those that such a folder means as well. */
const languages = ['java', 'typescript', 'kotlin', 'groovy', 'scala', 'python']
/** What reads source code and logs of every language. */
const ofEvery = /^src\/runner\/(?:repair|summarise)\//

/** What the code of a module, its comments aside, names of any ecosystem, or of `words`. */
function named({ program }: Module, these: readonly string[] = words): readonly string[] {
  const found = new Set<string>()
  const look = (text: string): void => {
    const plain = text.replaceAll('\\', '').toLowerCase()
    for (const word of these) if (plain.includes(word)) found.add(word)
  }
  visit(program, (node) => {
    if (node.type === 'ImportDeclaration') return
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') look(node.name)
    else if (node.type === 'StringLiteral') look(node.value)
    else if (node.type === 'TemplateElement') look(node.value.raw)
    else if (node.type === 'RegExpLiteral') look(node.pattern)
    else if (node.type === 'JSXText') look(node.value)
  })
  return [...found]
}

describe('the names of ecosystems', () => {
  let all: ReturnType<typeof sourceModules>
  before(async function () {
    this.timeout(60_000)
    all = sourceModules()
    await all
  })

  it('stand in their own folders, and elsewhere where a reason is given', async () => {
    const modules = (await all).filter(({ path }) => !own.test(path))
    const naming = modules.filter((one) => named(one).length > 0).map(({ path }) => path)
    assert.deepEqual(naming, Object.keys(known).toSorted())
  })

  it('of languages neither, where code and logs of every language are read', async () => {
    const modules = (await all).filter(({ path }) => ofEvery.test(path))
    assert.ok(modules.length > 30)
    const naming = modules.flatMap((one) => named(one, languages).map((word) => `${one.path}: ${word}`))
    assert.deepEqual(naming, [])
  })

  it('are found in code, whatever they are part of, and not in comments', () => {
    const of = (text: string) => named(parseModule('src/a.ts', text))
    assert.deepEqual(of("const a = b === 'maven'"), ['maven'])
    assert.deepEqual(of('const isMavenBuild = 1'), ['maven'])
    assert.deepEqual(of('const a = /(^|\\/)package\\.json$/'), ['package.json'])
    assert.deepEqual(of('const a = `see pom.xml`'), ['pom.xml'])
    assert.deepEqual(of('// npm does so, too\nconst a = 1'), [])
  })
})
