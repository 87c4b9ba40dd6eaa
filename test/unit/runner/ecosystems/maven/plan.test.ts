import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DrydockError } from '../../../../../src/contract/failure.ts'
import type { Ecosystem } from '../../../../../src/runner/ecosystems/ecosystem.ts'
import { mavenEcosystem } from '../../../../../src/runner/ecosystems/maven/index.ts'
import type { Tree } from '../../../../../src/runner/ecosystems/project.ts'
import { type TestMavenRepository, testMavenRepository } from '../../../../support/mavenRepository.ts'
import { treeOf } from '../../../../support/tree.ts'

const bom = (version: string) =>
  `<packaging>pom</packaging><properties><v>${version}</v></properties><dependencyManagement><dependencies>` +
  `<dependency><groupId>org.lib</groupId><artifactId>core</artifactId><version>\${v}</version></dependency>` +
  `</dependencies></dependencyManagement>`

/** A property as a POM refers to it. */
const ref = (name: string) => `\${${name}}`

const dependency = (name: string, version?: string, rest = '') => {
  const [groupId, artifactId] = name.split(':')
  const at = version === undefined ? '' : `<version>${version}</version>`
  return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId>${at}${rest}</dependency>`
}
const imported = '<type>pom</type><scope>import</scope>'
const project = (
  body: string,
  own = '<groupId>com.example</groupId><artifactId>app</artifactId><version>1</version>',
) => `<project>${own}${body}</project>`
const dependencies = (...list: readonly string[]) => `<dependencies>${list.join('')}</dependencies>`
const managed = (...list: readonly string[]) =>
  `<dependencyManagement>${dependencies(...list)}</dependencyManagement>`

describe('updates of a Maven build', () => {
  let repository: TestMavenRepository
  let ecosystem: Ecosystem
  let cacheDir: string
  before(async () => {
    repository = await testMavenRepository(
      {
        'org.lib:core': ['1.0', '1.1', '2.0', '2.1-rc1'],
        'org.lib:extra': ['1.0', '1.1', '2.0'],
        'org.lib:late': ['1.0', '1.1'],
        'org.lib:bom': ['1.0', '1.1', '2.0'],
        'org.lib:odd-bom': ['2023.1', '2023.2'],
        'org.corp:parent': ['7', '8'],
        'org.corp:open': ['1'],
      },
      {
        'org.lib:bom:1.0': bom('1.0'),
        'org.lib:bom:1.1': bom('1.1'),
        'org.lib:bom:2.0': bom('2.0'),
        'org.lib:odd-bom:2023.1': bom('1.0'),
        'org.lib:odd-bom:2023.2': bom('2.0'),
        'org.corp:open:1': `<packaging>pom</packaging><properties><core.version>1.0</core.version></properties>${managed(dependency('org.lib:core', ref('core.version')))}`,
        'org.corp:parent:7': `<packaging>pom</packaging>${managed(dependency('org.lib:core', '1.0'))}`,
        'org.corp:parent:8': `<packaging>pom</packaging>${managed(dependency('org.lib:core', '1.1'))}`,
      },
    )
    cacheDir = await mkdtemp(join(tmpdir(), 'drydock-maven-'))
    ecosystem = mavenEcosystem({ host: repository.host, cacheDir })
  })
  after(async () => {
    await repository[Symbol.asyncDispose]()
    await rm(cacheDir, { recursive: true })
  })

  async function plan(tree: Tree, name: string, requested: string, manifest?: string) {
    const found = await ecosystem.detect(tree)
    assert.ok(found)
    const wish = { package: name, requested, ...(manifest === undefined ? {} : { manifest }) }
    const made = await ecosystem.planUpdate(tree, found, wish)
    return made && { ...made, texts: Object.fromEntries([...made.files].map(([p, b]) => [p, b.toString()])) }
  }

  it('changes the version of a dependency and no other byte', async () => {
    const text = `\uFEFF<?xml version="1.0"?>\r\n<!-- <version>1.0</version> -->${project(
      dependencies(dependency('org.lib:core', '  1.0\n ', '<!-- kept: 1.0 -->')),
    )}\r\n`
    const made = await plan(treeOf({ 'pom.xml': text }), 'org.lib:core', 'latest')
    assert.deepEqual([made?.from, made?.to], ['1.0', '2.0'])
    assert.deepEqual(made?.texts, { 'pom.xml': text.replace('>  1.0\n <', '>  2.0\n <') })
  })

  it('changes a property where it is written, and names who shares it', async () => {
    const root = project(
      '<packaging>pom</packaging><modules><module>a</module></modules>' +
        `<properties><lib>1.0</lib><core.version>${ref('lib')}</core.version></properties>` +
        managed(dependency('org.lib:extra', ref('lib'))),
    )
    const member = project(
      dependencies(dependency('org.lib:core', ref('core.version')), dependency('org.lib:extra')),
      '<parent><groupId>com.example</groupId><artifactId>app</artifactId><version>1</version></parent><artifactId>a</artifactId>',
    )
    const tree = treeOf({ 'pom.xml': root, 'a/pom.xml': member })
    const made = await plan(tree, 'org.lib:core', '1.1')
    assert.deepEqual(made?.texts, { 'pom.xml': root.replace('<lib>1.0', '<lib>1.1') })
    assert.deepEqual(made?.moves, [
      { name: 'org.lib:core', from: '1.0', to: '1.1' },
      { name: 'org.lib:extra', from: '1.0', to: '1.1', reason: 'shares the property lib' },
    ])
  })

  it('refuses where one that shares the property has no such version', async () => {
    const text = project(
      '<properties><lib>1.0</lib></properties>' +
        dependencies(dependency('org.lib:core', ref('lib')), dependency('org.lib:late', ref('lib'))),
    )
    await assert.rejects(plan(treeOf({ 'pom.xml': text }), 'org.lib:core', '2.0'), {
      failure: {
        code: 'no-such-version',
        message: 'org.lib:core shares the property lib with org.lib:late, which has no version 2.0.',
        next: 'Give org.lib:late a property of its own first.',
      },
    })
  })

  it('takes and offers the newest version that all have who share the property', async () => {
    const text = project(
      '<properties><lib>1.0</lib></properties>' +
        dependencies(dependency('org.lib:core', ref('lib')), dependency('org.lib:late', ref('lib'))),
    )
    const tree = treeOf({ 'pom.xml': text })
    const made = await plan(tree, 'org.lib:core', 'latest')
    assert.deepEqual(made?.texts, { 'pom.xml': text.replace('1.0', '1.1') })
    const found = await ecosystem.detect(tree)
    assert.ok(found)
    const rows = await ecosystem.outdated(tree, found)
    assert.deepEqual(
      rows.map(({ name, latest }) => `${name} ${latest}`),
      ['org.lib:core 1.1', 'org.lib:late 1.1'],
    )
  })

  it('moves the BOM that manages a dependency, whatever its own versions are called', async () => {
    for (const [name, from, to] of [
      ['bom', '1.0', '2.0'],
      ['odd-bom', '2023.1', '2023.2'],
    ] as const) {
      const text = project(
        managed(dependency(`org.lib:${name}`, from, imported)) + dependencies(dependency('org.lib:core')),
      )
      const made = await plan(treeOf({ 'pom.xml': text }), 'org.lib:core', '2.0')
      assert.deepEqual(made?.texts, { 'pom.xml': text.replace(from, to) })
      assert.deepEqual(made?.moves, [
        { name: 'org.lib:core', from: '1.0', to: '2.0' },
        { name: `org.lib:${name}`, from, to, reason: 'manages org.lib:core' },
      ])
    }
  })

  it('moves the parent that manages a dependency, and says where none of its versions does', async () => {
    const text = project(
      `<parent><groupId>org.corp</groupId><artifactId>parent</artifactId><version>7</version><relativePath/></parent>${dependencies(dependency('org.lib:core'))}`,
      '<artifactId>app</artifactId>',
    )
    const made = await plan(treeOf({ 'pom.xml': text }), 'org.lib:core', '1.1')
    assert.deepEqual(made?.texts, { 'pom.xml': text.replace('>7<', '>8<') })
    await assert.rejects(
      plan(treeOf({ 'pom.xml': text }), 'org.lib:core', '2.0'),
      /update-failed: org.lib:core gets its version from org.corp:parent/,
    )
  })

  it('updates a BOM or parent by its own name', async () => {
    const text = project(managed(dependency('org.lib:bom', '1.0', imported)))
    const made = await plan(treeOf({ 'pom.xml': text }), 'org.lib:bom', '1.x')
    assert.deepEqual(made?.texts, { 'pom.xml': text.replace('1.0', '1.1') })
  })

  it('keeps to one manifest where asked, and changes all that are behind otherwise', async () => {
    const root = project(
      `<modules><module>b</module></modules>${dependencies(dependency('org.lib:core', '1.0'))}`,
    )
    const other = project(
      dependencies(dependency('org.lib:core', '1.1')),
      '<groupId>com.example</groupId><artifactId>b</artifactId><version>1</version>',
    )
    const tree = treeOf({ 'pom.xml': root, 'b/pom.xml': other })
    assert.deepEqual(Object.keys((await plan(tree, 'org.lib:core', '2.0'))?.texts ?? {}), [
      'pom.xml',
      'b/pom.xml',
    ])
    assert.deepEqual(Object.keys((await plan(tree, 'org.lib:core', '1.x'))?.texts ?? {}), ['pom.xml'])
    assert.deepEqual(Object.keys((await plan(tree, 'org.lib:core', '2.0', 'b/pom.xml'))?.texts ?? {}), [
      'b/pom.xml',
    ])
  })

  const root = (body: string) =>
    project(`<packaging>pom</packaging><modules><module>a</module></modules>${body}`)
  const member = (body: string) =>
    project(
      body,
      '<parent><groupId>com.example</groupId><artifactId>app</artifactId><version>1</version></parent><artifactId>a</artifactId>',
    )
  const resolved = async (tree: Tree, name = 'org.lib:core') => {
    const found = await ecosystem.detect(tree)
    assert.ok(found)
    const places = await ecosystem.resolved(tree, found, name)
    return places.map(({ manifest, version, by, aside, elsewhere }) =>
      [manifest, version, by, aside, elsewhere].filter((part) => part !== undefined).join(' | '),
    )
  }
  const applied = (texts: Readonly<Record<string, string>>, made: Awaited<ReturnType<typeof plan>>) =>
    treeOf({ ...texts, ...made?.texts })
  const properties = (name: string, value: string) => `<properties><${name}>${value}</${name}></properties>`
  const profile = (id: string, body: string, activation = '') =>
    `<profile><id>${id}</id>${activation}${body}</profile>`

  it('moves the property of a module that sets it otherwise than its parent', async () => {
    const texts = {
      'pom.xml': root(properties('core', '1.0') + managed(dependency('org.lib:core', ref('core')))),
      'a/pom.xml': member(properties('core', '1.1') + dependencies(dependency('org.lib:core'))),
    }
    assert.deepEqual(await resolved(treeOf(texts)), [
      'pom.xml | 1.0 | the property core in pom.xml',
      'a/pom.xml | 1.1 | the property core in a/pom.xml',
    ])
    const made = await plan(treeOf(texts), 'org.lib:core', '2.0')
    assert.deepEqual(made?.texts, {
      'pom.xml': texts['pom.xml'].replace('<core>1.0', '<core>2.0'),
      'a/pom.xml': texts['a/pom.xml'].replace('<core>1.1', '<core>2.0'),
    })
    assert.deepEqual(await resolved(applied(texts, made)), [
      'pom.xml | 2.0 | the property core in pom.xml',
      'a/pom.xml | 2.0 | the property core in a/pom.xml',
    ])
    // The module alone is behind: not up to date.
    const half = { ...texts, 'pom.xml': made?.texts['pom.xml'] ?? '' }
    assert.deepEqual(Object.keys((await plan(treeOf(half), 'org.lib:core', '2.0'))?.texts ?? {}), [
      'a/pom.xml',
    ])
  })

  it('moves the property that a POM sets for what a parent from outside manages', async () => {
    const text = project(
      `<parent><groupId>org.corp</groupId><artifactId>open</artifactId><version>1</version><relativePath/></parent>${properties('core.version', '1.0')}${dependencies(dependency('org.lib:core'))}`,
      '<artifactId>app</artifactId>',
    )
    const made = await plan(treeOf({ 'pom.xml': text }), 'org.lib:core', '2.0')
    assert.deepEqual(made?.texts, { 'pom.xml': text.replace('<core.version>1.0', '<core.version>2.0') })
  })

  it('edits the property of the active profile, never that of another', async () => {
    const two = (first: string, second: string) =>
      `<profiles>${profile('old', properties('core', first), '<activation><activeByDefault>true</activeByDefault></activation>')}${profile('new', properties('core', second))}</profiles>`
    const rest = dependencies(dependency('org.lib:core', ref('core')))
    const texts = { 'pom.xml': project(rest + two('1.0', '1.1')) }
    const made = await plan(treeOf(texts), 'org.lib:core', '2.0')
    assert.deepEqual(made?.texts, { 'pom.xml': project(rest + two('2.0', '1.1')) })
    const chosen = { ...texts, '.mvn/maven.config': '-Pnew\n' }
    const other = await plan(treeOf(chosen), 'org.lib:core', '2.0')
    assert.deepEqual(other?.texts, { 'pom.xml': project(rest + two('1.0', '2.0')) })
    assert.deepEqual(await resolved(treeOf(chosen)), [
      'pom.xml | 1.1 | the property core of the profile new in pom.xml',
    ])
  })

  it('leaves what only an inactive profile has in its own version, and says so', async () => {
    const inside = (version: string) =>
      `<profiles>${profile('legacy', dependencies(dependency('org.lib:core', version)))}</profiles>`
    const own = (version: string) => dependencies(dependency('org.lib:core', version))
    const texts = { 'pom.xml': project(own('1.1') + inside('1.0')) }
    const made = await plan(treeOf(texts), 'org.lib:core', '2.0')
    assert.deepEqual(made?.texts, { 'pom.xml': project(own('2.0') + inside('1.0')) })
    assert.deepEqual(await resolved(applied(texts, made)), [
      'pom.xml | 2.0',
      'pom.xml | 1.0 | the profile legacy is not active',
    ])
    const alike = { 'pom.xml': project(own('1.0') + inside('1.0')) }
    assert.deepEqual((await plan(treeOf(alike), 'org.lib:core', '2.0'))?.texts, {
      'pom.xml': project(own('2.0') + inside('2.0')),
    })
  })

  it('moves dependencies of plugins, processors, and what has brackets around its version', async () => {
    const path = `<path><groupId>org.lib</groupId><artifactId>core</artifactId><version>1.0</version></path>`
    const compiler = `<plugin><artifactId>maven-compiler-plugin</artifactId><configuration><annotationProcessorPaths>${path}</annotationProcessorPaths></configuration></plugin>`
    const other = `<plugin><artifactId>maven-jar-plugin</artifactId>${dependencies(dependency('org.lib:core', '1.0'))}</plugin>`
    const text = project(
      `${dependencies(dependency('org.lib:core', '[1.0]'))}<build><plugins>${compiler}${other}</plugins></build>`,
    )
    const made = await plan(treeOf({ 'pom.xml': text }), 'org.lib:core', '2.0')
    assert.deepEqual(made?.texts, { 'pom.xml': text.replaceAll('1.0', '2.0') })
    const range = project(dependencies(dependency('org.lib:core', '[1.0,2.0)')))
    assert.deepEqual((await plan(treeOf({ 'pom.xml': range }), 'org.lib:core', '2.0'))?.texts, {
      'pom.xml': range.replace('[1.0,2.0)', '2.0'),
    })
  })

  it('names what holds a version and is not its to change', async () => {
    const text = project(dependencies(dependency('org.lib:core', ref('core'))) + properties('core', '1.0'))
    await assert.rejects(
      plan(treeOf({ 'pom.xml': text, '.mvn/maven.config': '-Dcore=1.1\n' }), 'org.lib:core', '2.0'),
      /version-pinned: org.lib:core 2.0 does not arrive: pom.xml gets 1.1, by -Dcore in .mvn\/maven.config/,
    )
    const shared = project(
      dependencies(dependency('org.lib:core', ref('revision'))) + properties('revision', '1.0'),
      `<groupId>com.example</groupId><artifactId>app</artifactId><version>${ref('revision')}</version>`,
    )
    await assert.rejects(
      plan(treeOf({ 'pom.xml': shared }), 'org.lib:core', '2.0'),
      /version-pinned: .* by the property revision in pom.xml, which is the project's own version too/,
    )
    const system = project(
      dependencies(
        dependency('org.lib:core', '1.0', '<scope>system</scope><systemPath>/lib/core.jar</systemPath>'),
      ),
    )
    assert.deepEqual(await resolved(treeOf({ 'pom.xml': system })), ['pom.xml | a file, by the scope system'])
  })

  it('answers in words what cannot be done', async () => {
    const text = project(
      dependencies(dependency('org.lib:core', '2.0'), dependency('org.lib:extra', '[1.0,2.0)')),
    )
    const tree = treeOf({ 'pom.xml': text })
    assert.equal(await plan(tree, 'org.lib:core', 'latest'), undefined)
    assert.equal((await plan(tree, 'org.lib:core', '1.1'))?.to, '1.1')
    await assert.rejects(plan(tree, 'org.lib:none', 'latest'), /^DrydockError: not-a-dependency/)
    await assert.rejects(plan(tree, 'core', 'latest'), (error) => {
      return error instanceof DrydockError && /^Did you mean org.lib:core\?/.test(error.failure.next)
    })
    await assert.rejects(plan(tree, 'org.lib:core', '9'), /no-such-version: .* matches 9/)
    await assert.rejects(
      ecosystem.detect(treeOf({ 'build.gradle.kts': '' })),
      /unsupported-ecosystem: .*Gradle/,
    )
    await assert.rejects(
      ecosystem.detect(treeOf({ 'pom.xml': '<project><a></project>' })),
      /no-manifest: pom.xml/,
    )
    assert.equal(await ecosystem.detect(treeOf({ 'package.json': '{}' })), undefined)
  })

  it('lists what has something newer: dependencies, properties, managed ones', async () => {
    const text = project(
      '<properties><x>1.0</x></properties>' +
        managed(dependency('org.lib:bom', '1.0', imported)) +
        dependencies(
          dependency('org.lib:core'),
          dependency('org.lib:extra', ref('x'), '<scope>test</scope>'),
          dependency('com.example:unknown', '3'),
        ),
    )
    const tree = treeOf({ 'pom.xml': text })
    const found = await ecosystem.detect(tree)
    assert.ok(found)
    const rows = await ecosystem.outdated(tree, found)
    assert.deepEqual(
      rows.map(({ name, range, current, latest, change, group, through }) => [
        ...[name, range, current, latest],
        ...[change, group, through],
      ]),
      [
        ['org.lib:bom', '1.0', '1.0', '2.0', 'major', 'bom', undefined],
        ['org.lib:core', 'by org.lib:bom', '1.0', '2.0', 'major', 'prod', 'org.lib:bom'],
        ['org.lib:extra', ref('x'), '1.0', '2.0', 'major', 'test', undefined],
      ],
    )
  })
})
