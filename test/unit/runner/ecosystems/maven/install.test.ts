import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MavenInstall } from '../../../../../src/contract/ecosystems/maven/install.ts'
import type { Ecosystem } from '../../../../../src/runner/ecosystems/ecosystem.ts'
import { mavenEcosystem } from '../../../../../src/runner/ecosystems/maven/index.ts'
import { type TestMavenRepository, testMavenRepository } from '../../../../support/mavenRepository.ts'
import { treeOf } from '../../../../support/tree.ts'

const own = '<groupId>com.example</groupId><artifactId>app</artifactId><version>1</version>'
const plugin = (body: string) => `<plugin>${body}</plugin>`
const gav = (groupId: string, artifactId: string, version: string) =>
  `<groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>`

const hostile = `<project>${own}<packaging>bundle</packaging>
  <modules><module>b</module></modules>
  <dependencies><dependency>${gav('com.example', 'b', '1')}</dependency>
    <dependency>${gav('x', 'on-disk', '1')}<scope>system</scope><systemPath>/etc/passwd</systemPath></dependency></dependencies>
  <build><sourceDirectory>/evil</sourceDirectory>
    <extensions><extension>${gav('x', 'wagon', '3')}</extension></extensions>
    <pluginManagement><plugins>${plugin(`${gav('org.managed', 'p', '5')}<configuration><evil/></configuration>`)}</plugins></pluginManagement>
    <plugins>
    ${plugin(`${gav('org.bundle', 'bundle-plugin', '2')}<extensions>true</extensions><dependencies><dependency>${gav('x', 'helper', '4')}</dependency></dependencies>`)}
    ${plugin('<artifactId>maven-compiler-plugin</artifactId><configuration><executable>./evil.sh</executable><fork>true</fork><annotationProcessorPaths><path><groupId>x</groupId><artifactId>processor</artifactId><version>6</version></path></annotationProcessorPaths></configuration>')}
    ${plugin('<groupId>org.managed</groupId><artifactId>p</artifactId><executions><execution><phase>validate</phase></execution></executions>')}
  </plugins></build><reporting><plugins>${plugin('<artifactId>evil</artifactId>')}</plugins></reporting></project>`

describe('installing for a Maven build', () => {
  let repository: TestMavenRepository
  let ecosystem: Ecosystem
  let cacheDir: string
  before(async () => {
    const optional = (name: string, scope: string) =>
      `<dependency>${gav('org.opt', name, '9')}<scope>${scope}</scope><optional>true</optional></dependency>`
    repository = await testMavenRepository(
      { 'org.bundle:bundle-plugin': ['2'] },
      {
        'org.bundle:bundle-plugin:2': `<dependencies>${optional('used', 'compile')}${optional('tests', 'test')}</dependencies>`,
      },
    )
    for (const version of ['3.9.11', '3.8.8'])
      repository.files.set(
        `org/apache/maven/apache-maven/${version}/apache-maven-${version}-bin.tar.gz`,
        Buffer.from(`maven ${version}`),
      )
    cacheDir = await mkdtemp(join(tmpdir(), 'drydock-maven-'))
    ecosystem = mavenEcosystem({ host: repository.host, cacheDir })
  })
  after(async () => {
    await repository[Symbol.asyncDispose]()
    await rm(cacheDir, { recursive: true })
  })

  async function recipe(files: Readonly<Record<string, string>>) {
    const tree = treeOf(files)
    const project = await ecosystem.detect(tree)
    assert.ok(project)
    const made = await ecosystem.install(tree, project, 'frozen')
    const plan = MavenInstall.parse(JSON.parse(made.store?.get('m2/install.json')?.toString() ?? ''))
    return { ...made, plan, project }
  }

  it('hands over POMs and nothing else that the repository wrote', async () => {
    const { files, store, command, warnings } = await recipe({
      'pom.xml': hostile,
      'b/pom.xml': `<project><groupId>com.example</groupId><artifactId>b</artifactId><version>1</version></project>`,
      mvnw: '#!/bin/sh\ntouch /tmp/CANARY_EXEC\n',
      '.mvn/jvm.config': '-javaagent:evil.jar',
      '.mvn/extensions.xml': `<extensions><extension>${gav('x', 'core-extension', '1')}</extension></extensions>`,
      '.mvn/maven.config': '-s evil.xml\n-Drevision=7\n-Dmaven.ext.class.path=evil.jar\n-P ci,!slow',
      'src/main/java/A.java': 'class A {}',
    })
    assert.deepEqual([...files.keys()].sort(), ['b/pom.xml', 'pom.xml'])
    assert.deepEqual([...(store?.keys() ?? [])].sort(), [
      'm2/install.json',
      'm2/maven.tar.gz',
      'm2/settings.xml',
    ])
    assert.deepEqual(command, ['node', '/drydock/maven.mjs', 'install'])
    assert.deepEqual(
      warnings.map(({ code }) => code),
      [
        'not-run:.mvn/extensions.xml',
        'not-run:.mvn/jvm.config',
        'not-run:.mvn/maven.config',
        'build-extension:x:wagon',
        'build-extension:org.bundle:bundle-plugin',
      ],
    )
  })

  it('leaves of a POM what names dependencies', async () => {
    const { files, plan } = await recipe({
      'pom.xml': hostile,
      'b/pom.xml': `<project><groupId>com.example</groupId><artifactId>b</artifactId><version>1</version></project>`,
      '.mvn/extensions.xml': `<extensions><extension>${gav('x', 'core-extension', '1')}</extension></extensions>`,
      '.mvn/maven.config': '-Drevision=7\n-Dmaven.ext.class.path=evil.jar\n-P ci,!slow',
    })
    const reduced = files.get('pom.xml')?.toString() ?? ''
    assert.doesNotMatch(
      reduced,
      /evil|extension|execution|configuration|helper|on-disk|sourceDirectory|>bundle</,
    )
    assert.match(reduced, /<packaging>jar<\/packaging>/)
    assert.doesNotMatch(reduced, /<artifactId>b</)
    assert.deepEqual(plan.args, ['-Drevision=7', '-P', 'ci,!slow'])
    assert.deepEqual(plan.modules, { jar: ['pom.xml', 'b/pom.xml'] })
    assert.deepEqual(
      plan.sets.map(({ root, artifacts, optional = [] }) =>
        [...(root === undefined ? ['no root'] : [root]), ...artifacts, ...optional]
          .map((one) => (typeof one === 'string' ? one : `${one.artifactId} ${one.version}`))
          .join(' + '),
      ),
      [
        'no root + core-extension 1',
        'bundle-plugin 2 + helper 4 + used 9',
        'p 5',
        'no root + wagon 3',
        'no root + processor 6',
      ],
    )
  })

  it('asks for the modules that a build has: those of profiles only where they are active', async () => {
    const module = (name: string, packaging = 'jar') =>
      `<project><groupId>x</groupId><artifactId>${name}</artifactId><version>1</version><packaging>${packaging}</packaging></project>`
    const profile = (id: string, more = '') =>
      `<profile><id>${id}</id>${more}<modules><module>${id}</module></modules></profile>`
    const files = {
      'pom.xml': `<project>${own}<packaging>pom</packaging><modules><module>always</module></modules><profiles>
        ${profile('usual', '<activation><activeByDefault>true</activeByDefault></activation>')}
        ${profile('asked')}${profile('never')}</profiles></project>`,
      'always/pom.xml': module('always', 'war'),
      'usual/pom.xml': module('usual'),
      'asked/pom.xml': module('asked'),
      'never/pom.xml': module('never'),
    }
    assert.deepEqual((await recipe(files)).plan.modules, { war: ['always/pom.xml'], jar: ['usual/pom.xml'] })
    const asked = await recipe({ ...files, '.mvn/maven.config': '-Pasked' })
    assert.deepEqual(asked.plan.modules, { war: ['always/pom.xml'], jar: ['asked/pom.xml'] })
  })

  it('asks for what a module that builds nothing depends on, unless those that inherit it do', async () => {
    const module = (name: string, inside: string) =>
      `<project><parent><groupId>g</groupId><artifactId>root</artifactId><version>1</version></parent>
        <artifactId>${name}</artifactId><packaging>pom</packaging>${inside}</project>`
    const used = `<dependencies><dependency>${gav('x', 'used', '9')}</dependency></dependencies>`
    const { plan } = await recipe({
      'pom.xml': `<project>${gav('g', 'root', '1')}<packaging>pom</packaging>
        <modules><module>distribution</module><module>site</module></modules>${used}</project>`,
      'distribution/pom.xml': module('distribution', used),
      'site/pom.xml': module('site', ''),
    })
    assert.deepEqual(plan.modules, { pom: ['distribution/pom.xml'] })
  })

  it('asks for the plugins that a build up to verify reads, and for none of a release or a site', async () => {
    const plugin = (name: string, inside = '') =>
      `<plugin><artifactId>maven-${name}-plugin</artifactId><version>1</version>${inside}</plugin>`
    const runs = (...phases: readonly string[]) =>
      `<executions>${phases.map((phase) => `<execution>${phase === '' ? '' : `<phase>${phase}</phase>`}<goals><goal>do</goal></goals></execution>`).join('')}</executions>`
    const { plan } = await recipe({
      'pom.xml': `<project>${gav('com.example', 'root', '1')}<packaging>pom</packaging><modules><module>a</module></modules><build>
        <pluginManagement><plugins>${plugin('checkstyle', runs('validate'))}</plugins></pluginManagement>
        <plugins>${plugin('site')}${plugin('source', runs('package'))}</plugins></build></project>`,
      'a/pom.xml': `<project><parent><groupId>com.example</groupId><artifactId>root</artifactId><version>1</version></parent>
        <artifactId>x</artifactId><build><plugins>${[
          plugin('release', '<configuration/>'),
          plugin('deploy', runs('deploy')),
          plugin('gpg', runs('install', 'none')),
          plugin('source', '<configuration/>'),
          plugin('checkstyle'),
          plugin('javadoc', runs('')),
          plugin('antrun', runs(`\${phase.of.it}`)),
          plugin('surefire'),
        ].join('')}</plugins></build></project>`,
    })
    const names = plan.sets.map(({ root }) => root?.artifactId.replace(/^maven-|-plugin$/g, ''))
    assert.deepEqual([...new Set(names)].sort(), ['antrun', 'checkstyle', 'javadoc', 'source', 'surefire'])
  })

  it('asks for a plugin by the version of each module, but for the one that it runs in all of them', async () => {
    const plugin = (name: string, version: string) =>
      `<plugin><artifactId>maven-${name}-plugin</artifactId><version>${version}</version></plugin>`
    const { plan } = await recipe({
      'pom.xml': `<project>${own}<packaging>pom</packaging><modules><module>a</module></modules></project>`,
      'a/pom.xml': `<project><groupId>x</groupId><artifactId>a</artifactId><version>1</version>
        <build><plugins>${plugin('surefire', '2.22.2')}${plugin('compiler', '3.8.1')}</plugins></build></project>`,
    })
    assert.deepEqual(
      plan.sets.map(({ root }) => `${root?.artifactId} ${root?.version}`),
      ['maven-surefire-plugin 2.22.2'],
    )
  })

  it('asks for what the remote resources plugin unpacks, where a build gets to it', async () => {
    const bundle = (text: string) =>
      `<configuration><resourceBundles><resourceBundle>${text}</resourceBundle></resourceBundles></configuration>`
    const plugin = (inside: string) =>
      `<plugin><artifactId>maven-remote-resources-plugin</artifactId>${inside}</plugin>`
    const runs = (text: string) =>
      `<executions><execution><id>it</id>${bundle(text)}</execution></executions>`
    const managed = `<pluginManagement><plugins>${plugin(runs(`org.x:bundle:\${bundle}`))}</plugins></pluginManagement>`
    const project = (plugins: string) =>
      `<project>${own}<properties><bundle>1.4</bundle></properties><build>${managed}<plugins>${plugins}</plugins></build></project>`
    const used = plugin(bundle('org.x:texts:2:zip:all'))
    const { plan } = await recipe({ 'pom.xml': project(used) })
    const asked = plan.sets.flatMap(({ artifacts }) => artifacts)
    assert.deepEqual(asked, [
      { groupId: 'org.x', artifactId: 'texts', version: '2', type: 'zip', classifier: 'all' },
      { groupId: 'org.x', artifactId: 'bundle', version: '1.4' },
    ])
    assert.deepEqual((await recipe({ 'pom.xml': project('') })).plan.sets, [])
  })

  it('takes the Maven that the wrapper names, where the repository has it', async () => {
    const wrapper = (version: string) => ({
      'pom.xml': `<project>${own}</project>`,
      '.mvn/wrapper/maven-wrapper.properties': `distributionUrl=https\\://registry.example.com/apache-maven-${version}-bin.zip\n`,
    })
    const named = await recipe(wrapper('3.8.8'))
    assert.equal(named.project.packageManager, 'maven@3.8.8')
    assert.equal(named.store?.get('m2/maven.tar.gz')?.toString(), 'maven 3.8.8')
    const other = await recipe(wrapper('3.0.1'))
    assert.equal(other.store?.get('m2/maven.tar.gz')?.toString(), 'maven 3.9.11')
    assert.deepEqual(
      other.warnings.map(({ code }) => code),
      ['maven-version:3.0.1'],
    )
  })

  it('brings from then on what an offline build said is missing', async () => {
    const files = { 'pom.xml': `<project>${own}</project>` }
    assert.deepEqual((await recipe(files)).plan.sets, [])
    const log = `[ERROR] Failed to execute goal on project app: The following artifacts could not be resolved: org.a:b:jar:1.2 (absent), org.c:d:jar:tests:3 (absent): Cannot access drydock in offline mode and the artifact org.a:b:jar:1.2 has not been downloaded from it before. -> [Help 1]
[WARNING] The POM for org.e:f:pom:4 is missing, no dependency information available
[ERROR] Could not find artifact com.example:app:jar:1 in drydock`
    assert.equal(await ecosystem.lacking?.(treeOf(files), log), true)
    assert.equal(await ecosystem.lacking?.(treeOf(files), 'COMPILATION ERROR : cannot find symbol'), false)
    const { plan } = await recipe(files)
    assert.deepEqual(plan.sets, [
      { artifacts: [{ groupId: 'org.a', artifactId: 'b', version: '1.2' }] },
      { artifacts: [{ groupId: 'org.c', artifactId: 'd', version: '3', classifier: 'tests' }] },
      { artifacts: [{ groupId: 'org.e', artifactId: 'f', version: '4', type: 'pom' }] },
    ])
  })

  it('says which repositories were not asked, and where to name them', async () => {
    const at = (list: string, one: string, url: string) =>
      `<${list}><${one}><id>r</id><url>${url}</url></${one}></${list}>`
    const { warnings, hint } = await recipe({
      'pom.xml': `<project>${own}${at('repositories', 'repository', 'https://other.example.com/r')}
        ${at('pluginRepositories', 'pluginRepository', repository.url.slice(0, -1))}</project>`,
    })
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['repository-not-asked:https://other.example.com/r'],
    )
    assert.match(
      hint ?? '',
      /^pom\.xml names https:\/\/other\.example\.com\/r, which was not asked\. .*settings\.xml/,
    )
    assert.equal((await recipe({ 'pom.xml': `<project>${own}</project>` })).hint, undefined)
  })

  it('picks the JDK that the build asks for', async () => {
    const properties = (text: string) => `<project>${own}<properties>${text}</properties></project>`
    const of = async (files: Readonly<Record<string, string>>) =>
      (await ecosystem.detect(treeOf({ 'pom.xml': `<project>${own}</project>`, ...files })))?.image
    const ci = (versions: string): string =>
      `jobs: { t: { strategy: { matrix: { java: ${versions} } }, steps: [{ with: { java-version: '\${{ matrix.java }}' } }] } }`
    const table: [Readonly<Record<string, string>>, number][] = [
      [{}, 17],
      [{ 'pom.xml': properties('<maven.compiler.source>1.8</maven.compiler.source>') }, 8],
      [{ 'pom.xml': properties('<maven.compiler.release>8</maven.compiler.release>') }, 17],
      [{ 'pom.xml': properties(`<maven.compiler.release>\${j}</maven.compiler.release><j>21</j>`) }, 21],
      [{ 'pom.xml': properties('<maven.compiler.target>11</maven.compiler.target>') }, 11],
      [{ 'pom.xml': properties('<maven.compiler.source>14</maven.compiler.source>') }, 17],
      [{ '.java-version': '1.8\n' }, 8],
      [{ '.sdkmanrc': 'java=11.0.20-tem\n' }, 11],
      [{ '.tool-versions': 'nodejs 20\njava temurin-21.0.1+12\n' }, 21],
      [{ '.drydock.json': '{"jdk":"11"}', '.java-version': '21' }, 11],
      [{ '.java-version': '25' }, 25],
      [{ 'mise.toml': '[tools]\njava = "temurin-21.0.2"\n' }, 21],
      [{ '.devcontainer.json': '{"image":"registry.example.com/devcontainers/java:1-21-bookworm"}' }, 21],
      [
        {
          '.devcontainer.json': '{"features":{"x/features/java:1":{"version":"11"}}}',
          '.java-version': '17',
        },
        17,
      ],
      [{ '.github/workflows/ci.yml': ci('[11, 21, 24]') }, 21],
      [
        {
          'pom.xml': properties('<maven.compiler.release>17</maven.compiler.release>'),
          '.github/workflows/ci.yml': ci('11'),
        },
        17,
      ],
      [{ '.sdkmanrc': 'java=17', '.github/workflows/ci.yml': ci('21') }, 17],
    ]
    for (const [files, major] of table)
      assert.deepEqual(await of(files), { kind: 'jdk', major }, JSON.stringify(files))
    const found = await ecosystem.detect(
      treeOf({ 'pom.xml': `<project>${own}</project>`, '.sdkmanrc': 'java=11.0.20-tem' }),
    )
    assert.equal(found?.toolchain, 'JDK 11 (.sdkmanrc)')
  })
})
