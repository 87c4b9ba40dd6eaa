import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Settings } from '../../../src/contract/settings.ts'
import { mavenEcosystem } from '../../../src/runner/ecosystems/maven/index.ts'
import type { ApiChange } from '../../../src/runner/ecosystems/release/release.ts'
import { contextOf } from '../../../src/runner/pipeline/repairContext.ts'
import { readMavenHost } from '../../../src/runner/registries/maven/host.ts'
import { apiText } from '../../../src/runner/repair/context/apiText.ts'
import { loadAgentPrompts, renderTask } from '../../../src/runner/repair/prompt.ts'
import { treeOf } from '../../support/tree.ts'

interface Update {
  readonly package: string
  readonly from: string
  readonly to: string
  readonly expected: readonly (readonly [ApiChange['kind'], string, RegExp?])[]
  /** Code that the update breaks, and what the text for the agent must say of it. */
  readonly code: string
  readonly told: RegExp
}

/** Real releases: what they removed or changed is in their own class files. */
const updates: readonly Update[] = [
  {
    package: 'org.yaml:snakeyaml',
    from: '1.33',
    to: '2.0',
    expected: [
      [
        'changed',
        'org.yaml.snakeyaml.constructor.SafeConstructor.SafeConstructor',
        /SafeConstructor\(LoaderOptions\)/,
      ],
      ['changed', 'org.yaml.snakeyaml.constructor.Constructor.Constructor', /Constructor\(LoaderOptions\)/],
      ['changed', 'org.yaml.snakeyaml.representer.Representer.Representer', /Representer\(DumperOptions\)/],
    ],
    code: 'import org.yaml.snakeyaml.constructor.SafeConstructor;\nclass A {\n  Object o = new SafeConstructor();\n}\n',
    told: /- changed org\.yaml\.snakeyaml\.constructor\.SafeConstructor\.SafeConstructor: was `SafeConstructor\(\)`; now `SafeConstructor\(LoaderOptions\)`/,
  },
  {
    package: 'com.google.guava:guava',
    from: '20.0',
    to: '32.1.3-jre',
    expected: [
      ['removed', 'com.google.common.base.Objects.toStringHelper'],
      ['removed', 'com.google.common.base.CharMatcher.WHITESPACE'],
      ['removed', 'com.google.common.util.concurrent.MoreExecutors.sameThreadExecutor'],
    ],
    code: 'import com.google.common.base.Objects;\nclass A {\n  String s = Objects.toStringHelper(this).toString();\n}\n',
    told: /- removed com\.google\.common\.base\.Objects\.toStringHelper: /,
  },
  {
    package: 'org.jsoup:jsoup',
    from: '1.14.3',
    to: '1.15.4',
    expected: [
      ['removed', 'org.jsoup.safety.Whitelist'],
      ['changed', 'org.jsoup.Jsoup.clean', /Safelist/],
    ],
    code: 'import org.jsoup.safety.Whitelist;\nclass A {\n  String s = Jsoup.clean("", Whitelist.basic());\n}\n',
    told: /- removed org\.jsoup\.safety\.Whitelist: /,
  },
  {
    package: 'org.mockito:mockito-core',
    from: '3.12.4',
    to: '4.11.0',
    expected: [
      ['removed', 'org.mockito.Matchers'],
      ['removed', 'org.mockito.runners.MockitoJUnitRunner'],
    ],
    code: 'import org.mockito.Matchers;\nclass ATest {\n  void t() { verify(a).b(Matchers.eq(1)); }\n}\n',
    told: /- removed org\.mockito\.Matchers: /,
  },
  {
    package: 'jakarta.servlet:jakarta.servlet-api',
    from: '4.0.4',
    to: '5.0.0',
    expected: [['removed', 'javax.servlet.http.HttpServlet', /jakarta\.servlet\.http\.HttpServlet/]],
    code: 'import javax.servlet.http.HttpServlet;\nclass A extends HttpServlet {}\n',
    told: /- removed javax\.servlet\.http\.HttpServlet; .*jakarta\.servlet\.http\.HttpServlet/,
  },
  {
    package: 'redis.clients:jedis',
    from: '3.10.0',
    to: '4.4.8',
    expected: [
      ['removed', 'redis.clients.jedis.ShardedJedis'],
      ['removed', 'redis.clients.jedis.util.Sharded'],
    ],
    code: 'import redis.clients.jedis.ShardedJedis;\nclass A {\n  ShardedJedis j = new ShardedJedis(l);\n}\n',
    told: /- removed redis\.clients\.jedis\.ShardedJedis; /,
  },
]

/** What moved to another package, or is not brought any more, is the break: code that uses it, and its first line. */
const breaks: readonly (readonly [
  artifact: string,
  from: string,
  to: string,
  code: string,
  first: string,
])[] = [
  [
    'org.mockito:mockito-core',
    ...([
      '3.12.4',
      '4.11.0',
      'import org.mockito.runners.MockitoJUnitRunner;\n@RunWith(MockitoJUnitRunner.class)',
    ] as const),
    '- removed org.mockito.runners.MockitoJUnitRunner: `class MockitoJUnitRunner extends org.mockito.junit.MockitoJUnitRunner`; moved to org.mockito.junit.MockitoJUnitRunner',
  ],
  [
    'jakarta.servlet:jakarta.servlet-api',
    ...(['4.0.4', '5.0.0', 'import javax.servlet.http.HttpServlet;'] as const),
    '- removed javax.servlet; most of its members are now those of jakarta.servlet',
  ],
  [
    'jakarta.xml.bind:jakarta.xml.bind-api',
    ...(['2.3.3', '4.0.0', 'import javax.xml.bind.JAXBContext;'] as const),
    '- removed javax.xml.bind; most of its members are now those of jakarta.xml.bind',
  ],
  [
    'io.dropwizard:dropwizard-core',
    ...(['2.1.4', '4.0.0', 'import io.dropwizard.Application;'] as const),
    '- removed io.dropwizard.Application; most of its members are now those of io.dropwizard.core.Application',
  ],
  [
    'org.asynchttpclient:async-http-client',
    ...(['2.12.3', '3.0.0', 'import org.asynchttpclient.filter.FilterException;'] as const),
    '- removed org.asynchttpclient.filter.FilterException: `class FilterException extends Exception`; moved to org.asynchttpclient.exception.FilterException',
  ],
  [
    'com.auth0:java-jwt',
    ...(['3.10.3', '4.4.0', 'import org.apache.commons.codec.binary.Base64;'] as const),
    '- no longer brings commons-codec:commons-codec',
  ],
  [
    'org.apache.httpcomponents.client5:httpclient5',
    ...(['5.0.3', '5.3', 'import org.apache.commons.codec.binary.Hex;'] as const),
    '- no longer brings commons-codec:commons-codec',
  ],
  [
    'org.quartz-scheduler:quartz',
    ...(['2.3.2', '2.5.0', 'import com.mchange.v2.c3p0.ComboPooledDataSource;'] as const),
    '- no longer brings com.mchange:c3p0',
  ],
  [
    'org.reflections:reflections',
    ...(['0.9.11', '0.10.2', 'import com.google.common.base.Predicate;'] as const),
    '- no longer brings com.google.guava:guava',
  ],
  [
    'org.apache.maven.doxia:doxia-site-renderer',
    ...(['1.7.4', '1.8', 'import org.apache.commons.lang.StringUtils;'] as const),
    '- no longer brings commons-lang:commons-lang',
  ],
]

/** Service files: what a service loader finds, or finds no more, is a break that no compiler sees. */
const services: readonly (readonly [artifact: string, from: string, to: string, lines: readonly string[]])[] =
  [
    [
      'mysql:mysql-connector-java',
      ...(['5.1.49', '8.0.30'] as const),
      [
        '- providers of java.sql.Driver (META-INF/services): com.mysql.fabric.jdbc.FabricMySQLDriver, com.mysql.jdbc.Driver → com.mysql.cj.jdbc.Driver',
      ],
    ],
    [
      'org.slf4j:slf4j-simple',
      ...(['1.7.36', '2.0.9'] as const),
      [
        '- providers of org.slf4j.spi.SLF4JServiceProvider (META-INF/services): nothing → org.slf4j.simple.SimpleServiceProvider',
      ],
    ],
    [
      'org.hibernate.validator:hibernate-validator',
      ...(['6.2.5.Final', '7.0.5.Final'] as const),
      [
        '- providers of jakarta.validation.spi.ValidationProvider (META-INF/services): nothing → org.hibernate.validator.HibernateValidator',
        '- providers of javax.validation.spi.ValidationProvider (META-INF/services): org.hibernate.validator.HibernateValidator → nothing',
      ],
    ],
  ]

describe('what a release of a Maven artifact changed', () => {
  let cacheDir: string
  let release: NonNullable<ReturnType<typeof mavenEcosystem>['release']>
  before(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'drydock-release-'))
    const releaseReader = resolve(import.meta.dirname, '../../../src/runner/ecosystems/release/worker.ts')
    const host = await readMavenHost(process.env, homedir())
    const ecosystem = mavenEcosystem({ host, cacheDir, releaseReader })
    assert.ok(ecosystem.release !== undefined)
    release = ecosystem.release
  })
  after(async () => rm(cacheDir, { recursive: true, force: true }))

  for (const { package: name, from, to, expected, code, told } of updates) {
    it(`${name} ${from} → ${to}`, async () => {
      const tree = treeOf({ 'pom.xml': '', 'src/main/java/A.java': code })
      const read = await release(tree, { package: name, from, to })
      assert.ok(read !== undefined)
      assert.equal(read.source, 'classes')
      for (const [kind, member, now] of expected) {
        const found = read.changes.filter((change) => change.name === member)
        const kinds: readonly string[] = found.map((change) => change.kind)
        assert.deepEqual(kinds, [kind], member)
        if (now !== undefined) assert.match(found[0]?.after.join('\n') ?? '', now)
      }
      const { sites } = (await contextOf(tree, name, read, undefined)).callSites
      assert.ok(sites.some(({ uses }) => uses !== undefined))
      const text = apiText(read, sites, 6_000)
      assert.match(text, told)
      assert.ok(text.length <= 6_000)
    })
  }

  for (const [name, from, to, code, first] of breaks) {
    it(`${name} ${from} → ${to}: ${first.slice(2, 60)}`, async () => {
      const tree = treeOf({ 'pom.xml': '', 'src/main/java/A.java': `${code}\nclass A {}\n` })
      const read = await release(tree, { package: name, from, to })
      assert.ok(read !== undefined)
      const { sites } = (await contextOf(tree, name, read, undefined)).callSites
      const start = first.startsWith('- removed') ? '- removed ' : '- '
      const lines = apiText(read, sites, 6_000).split('\n')
      assert.equal(
        lines.find((line) => line.startsWith(start)),
        first,
      )
    })
  }

  for (const [name, from, to, lines] of services) {
    it(`${name} ${from} → ${to}: what it provides`, async () => {
      const read = await release(treeOf({}), { package: name, from, to })
      assert.ok(read !== undefined)
      const told = apiText(read, [], 6_000).split('\n')
      assert.deepEqual(
        told.filter((line) => line.includes('META-INF/services')),
        lines,
      )
    })
  }

  it('of types that moved, what is not the same under their new name', async () => {
    const update = { package: 'jakarta.xml.bind:jakarta.xml.bind-api', from: '2.3.3', to: '4.0.0' }
    const code =
      'import javax.xml.bind.JAXBContext;\nclass A {\n  Object v = JAXBContext.newInstance("a").createValidator();\n}\n'
    const tree = treeOf({ 'src/main/java/A.java': code })
    const read = await release(tree, update)
    assert.ok(read !== undefined)
    const { sites } = (await contextOf(tree, update.package, read, undefined)).callSites
    const text = apiText(read, sites, 6_000)
    assert.match(
      text,
      /- removed jakarta\.xml\.bind\.JAXBContext\.createValidator: `Validator createValidator\(\)`/,
    )
    assert.doesNotMatch(text, /JAXBContext\.newInstance/)
  })

  it('is told in the first message, with the lines that use it', async () => {
    const update = { package: 'org.yaml:snakeyaml', from: '1.33', to: '2.0' }
    const code =
      'import org.yaml.snakeyaml.constructor.SafeConstructor;\nclass A {\n  Object o = new SafeConstructor();\n}\n'
    const tree = treeOf({ 'src/main/java/A.java': code })
    const read = await release(tree, update)
    assert.ok(read !== undefined)
    const { callSites } = await contextOf(tree, update.package, read, undefined)
    const prompts = await loadAgentPrompts(resolve(import.meta.dirname, '../../../prompts'))
    const repository = { root: '/r', baseCommit: 'a'.repeat(40), includeUncommitted: false }
    const common = { v: 1, id: '20260101-000000-abcdef', repository, settings: Settings.parse({}) } as const
    const task = {
      ...common,
      kind: 'dependency-update',
      ecosystem: 'maven',
      requested: '2.0',
      package: update.package,
    } as const
    const text = renderTask(prompts, { task, update: { ...update, moves: [] }, callSites, release: read })
    assert.match(text, /src\/main\/java\/A\.java\n {2}3: Object o = new SafeConstructor\(\);/)
    assert.match(
      text,
      /## What changed in its interface\n\n.*\n- changed \S+SafeConstructor: was `SafeConstructor\(\)`/,
    )
  })

  it('has nothing to say of an artifact without a jar', async () => {
    const bom = { package: 'com.fasterxml.jackson:jackson-bom', from: '2.14.0', to: '2.15.0' }
    assert.equal(await release(treeOf({}), bom), undefined)
  })
})
