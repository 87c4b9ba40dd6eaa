import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { inWorkspace } from '../../../src/runner/docker/using.ts'
import { mavenArchives } from '../../../src/runner/ecosystems/maven/jars/index.ts'
import { createRepository } from '../../../src/runner/ecosystems/maven/repository.ts'
import { filesArchive } from '../../../src/runner/install/files.ts'
import { readMavenHost } from '../../../src/runner/registries/maven/host.ts'
import { testSandbox } from '../../support/sandbox.ts'
import { treeOf } from '../../support/tree.ts'

/** Type variables and bounds, variable arguments, exceptions, default methods, an annotation, an enum, a nested type. */
const types = [
  ['com/google/guava', 'guava', '32.1.3-jre', 'com.google.common.collect.ImmutableMap'],
  ['com/google/guava', 'guava', '32.1.3-jre', 'com.google.common.collect.Ordering'],
  ['com/google/guava', 'guava', '32.1.3-jre', 'com.google.common.cache.CacheBuilder'],
  ['com/google/guava', 'guava', '32.1.3-jre', 'com.google.common.collect.Multiset$Entry'],
  ['com/google/guava', 'guava', '32.1.3-jre', 'com.google.common.collect.Multiset'],
  ['com/fasterxml/jackson/core', 'jackson-databind', '2.15.4', 'com.fasterxml.jackson.databind.ObjectMapper'],
  ['org/yaml', 'snakeyaml', '2.0', 'org.yaml.snakeyaml.DumperOptions$FlowStyle'],
  ['org/mockito', 'mockito-core', '4.11.0', 'org.mockito.Spy'],
] as const

describe('jars that are installed', function () {
  this.timeout(300_000)
  let cacheDir: string
  let repository: ReturnType<typeof createRepository>
  before(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'drydock-jars-'))
    repository = createRepository(await readMavenHost(process.env, homedir()), cacheDir)
  })
  after(async () => rm(cacheDir, { recursive: true, force: true }))

  async function read(group: string, artifact: string, version: string, entry: string): Promise<string> {
    const reader = resolve(import.meta.dirname, '../../../src/runner/ecosystems/release/worker.ts')
    const path = `${group}/${artifact}/${version}/${artifact}-${version}.jar`
    const at = { address: `${path}!/${entry}`, listing: async () => path, tree: treeOf({}) }
    const found = await mavenArchives({ repository, reader }).read(at, AbortSignal.timeout(60_000))
    assert.ok('text' in found, JSON.stringify(found))
    return found.text
  }

  it('are read as their sources, where the registry has them', async () => {
    const text = await read('org/yaml', 'snakeyaml', '2.0', 'org/yaml/snakeyaml/LoaderOptions')
    assert.match(text, /^\/\/ org\/yaml\/snakeyaml\/LoaderOptions\.java of snakeyaml-2\.0-sources\.jar\n/)
    assert.match(text, /private int maxAliasesForCollections = 50;/)
  })

  it('are read as signatures, where it has none', async () => {
    const text = await read('junit', 'junit', '3.7', 'junit.framework.Assert')
    assert.match(
      text,
      /^\/\/ signatures of junit\/framework\/Assert\.class of junit-3\.7\.jar, whose sources/,
    )
    assert.match(text, /\n {2}public static void fail\(java\.lang\.String\);\n/)
  })

  it('have the signatures that javap prints', async () => {
    await using box = await testSandbox()
    const image = await box.image({ kind: 'jdk', major: 17 })
    const volume = await box.sandbox.createVolume()
    const jars = new Map<string, Buffer>()
    for (const [group, artifactId, version] of types) {
      const coordinates = { groupId: group.replaceAll('/', '.'), artifactId, version }
      jars.set(`${artifactId}.jar`, (await repository.file(coordinates, '.jar')) ?? Buffer.alloc(0))
    }
    const files = [{ path: '/workspace', archive: filesArchive(jars) }]
    const placed = await box.sandbox.start({ kind: 'install', image, workspace: { unsealed: volume }, files })
    await placed.remove()
    const sealed = await box.sandbox.seal(volume, `jars-${box.sessionId}`)
    try {
      await inWorkspace(box.sandbox, image, sealed, AbortSignal.timeout(120_000), async (container) => {
        for (const [group, artifact, version, type] of types) {
          const argv = ['javap', '-v', '-cp', `/workspace/${artifact}.jar`, type]
          const limits = { timeoutMs: 30_000, maxOutputBytes: 8_000_000, cwd: '/' }
          const { output } = await container.exec(argv, limits)
          const own = await read(group, artifact, version, `${type.replaceAll('.', '/')}.class`)
          assert.deepEqual(linesOf(own), printed(output.toString('utf8')), type)
        }
      })
    } finally {
      await box.sandbox.removeVolume(sealed.volume)
    }
  })
})

/** The head and the members, without what is said beside them. */
function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !/^(?:\/\/ |\s*$|\})/.test(line))
    .map((line) => line.replace(/ \/\/ .*$/, '').replace(/ \{$/, ''))
    .sort()
}

/** The same of what javap says at length, where it writes `extends java.lang.Object` out; without what the compiler made. */
function printed(text: string): readonly string[] {
  const [head = ''] = /^.*\b(?:class|interface) .*(?=\n {2}minor version)/m.exec(text) ?? []
  const members = [...text.matchAll(/^( {2}\S.*;)\n {4}descriptor: .*\n {4}flags: (.*)$/gm)]
  const own = members.filter(
    ([, member = '', flags = '']) => member !== '  static {};' && !flags.includes('ACC_SYNTHETIC'),
  )
  const lines = [head, ...own.map(([, member = '']) => member)]
  return lines
    .map((line) => line.replaceAll(' extends java.lang.Object', '').replaceAll(/,(?=\S)/g, ', '))
    .sort()
}
