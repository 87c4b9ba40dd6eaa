import assert from 'node:assert/strict'
import { mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { assertSameAgain } from '../../support/evidence.ts'
import { inTurn } from '../../support/inTurn.ts'
import { discard } from '../../support/keys.ts'
import { Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository, folderDigest, git } from '../../support/repository.ts'

interface Project {
  readonly name: string
  readonly tests: number
  readonly clean: { readonly spec: string; readonly line: RegExp; readonly moves: readonly string[] }
  readonly breaking: { readonly spec: string; readonly files: readonly string[] }
}

/** One module on JDK 17; modules with an imported BOM on 21; Java 8 with a wrapper's Maven and an old surefire. */
const projects: readonly Project[] = [
  {
    name: 'maven/single',
    tests: 5,
    clean: {
      spec: 'org.apache.commons:commons-lang3:3.13.0',
      line: /^\+ {6}<version>3\.13\.0<\/version>$/m,
      moves: ['org.apache.commons:commons-lang3'],
    },
    breaking: {
      spec: 'org.yaml:snakeyaml@2.2',
      files: ['pom.xml', 'src/main/java/com/example/settings/SettingsReader.java'],
    },
  },
  {
    name: 'maven/modules',
    tests: 3,
    clean: {
      spec: 'com.fasterxml.jackson.core:jackson-databind@2.15.4',
      line: /^\+ {4}<jackson\.version>2\.15\.4<\/jackson\.version>$/m,
      moves: ['com.fasterxml.jackson.core:jackson-databind', 'com.fasterxml.jackson:jackson-bom'],
    },
    breaking: {
      spec: 'com.google.guava:guava@33.2.1-jre',
      files: [
        'catalogue/src/main/java/com/example/shop/catalogue/Catalogue.java',
        'orders/src/main/java/com/example/shop/orders/Order.java',
        'pom.xml',
      ],
    },
  },
  {
    name: 'maven/legacy',
    tests: 3,
    clean: {
      spec: 'commons-codec:commons-codec@1.15',
      line: /^\+ {12}<version>1\.15<\/version>$/m,
      moves: ['commons-codec:commons-codec'],
    },
    breaking: {
      spec: 'org.jsoup:jsoup@1.15.3',
      files: ['pom.xml', 'src/main/java/com/example/comments/Comment.java'],
    },
  },
]

/** A build server has forty minutes: of the clean updates it sees one, and says so. */
const brief = process.env.DRYDOCK_TEST_BRIEF === '1'

describe('drydock update, Maven', function () {
  // Four builds and two installs, on two cores.
  this.timeout(900_000)
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  for (const [at, { name, tests, clean, breaking }] of projects.entries()) {
    it(`${name}: a clean update needs no agent`, async function () {
      if (brief && name !== 'maven/single') this.skip()
      await using repository = await fixtureRepository(name)
      const view = await drydock.session(['update', clean.spec, '--repo', repository.root, '--no-review'])
      assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
      assert.deepEqual([view.matrix?.green, view.matrix?.verified], [true, true])
      assert.equal(view.matrix?.counts.passing, tests)
      assert.deepEqual(
        view.patch?.files.map(({ path, additions }) => [path, additions]),
        [['pom.xml', 1]],
      )
      assert.deepEqual(view.moves.map((move) => move.name).sort(), [...clean.moves])
      assert.deepEqual(seriousWarnings(view), [])
      assert.match((await drydock.run(['diff', view.id])).stdout, clean.line)
      // Everything that Maven resolved in another version.
      const [, artifact = ''] = clean.spec.split(/[:@]/)
      const moved = view.why?.packages?.moves.find((move) => move.name.endsWith(`:${artifact}`))
      assert.deepEqual([moved?.after, moved?.unread], [[view.to], undefined])
    })

    inTurn(at, 3)(`${name}: a breaking update is repaired`, async () => {
      await using repository = await fixtureRepository(name)
      const before = await folderDigest(repository.root)
      const model = await startModel(Script.parse(JSON.parse(await readFile(scriptOf(name), 'utf8'))))
      try {
        const view = await drydock.session(
          ['update', breaking.spec, '--repo', repository.root, '--no-review'],
          playedBy(model),
        )
        assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
        assert.deepEqual([view.matrix?.green, view.matrix?.counts.repaired], [true, tests])
        assert.deepEqual(view.patch?.files.map(({ path }) => path).sort(), [...breaking.files])
        assert.deepEqual(seriousWarnings(view), [])
        const { update } = view.reports
        assert.equal(update?.steps[0]?.summary?.category, 'COMPILATION_FAILURE')
        assert.equal(await folderDigest(repository.root), before)
        if (name === 'maven/single') await holdsElsewhere(drydock, view.id, repository.root)
      } finally {
        await model.close()
      }
    })
  }

  it('finds what breaks behind a rule of the build that ends it on the base', async () => {
    const { view, rows, first } = await heldTo(drydock, failingRule)
    assert.deepEqual(rows, [
      ['mvn --fail-at-end -DskipTests package', false, false],
      ['mvn --fail-at-end -DskipTests package # to the end', true, false],
      ['mvn --fail-at-end verify', false, false],
      ['mvn --fail-at-end verify # to the end', true, false],
    ])
    assert.match(first, /# to the end`\) fails/)
    assert.match(view.reports.base?.notes.join('\n') ?? '', /before all was built and tested/)
  })

  it('finds what breaks behind a rule that the update is the first to break', async () => {
    const { view, rows, first } = await heldTo(drydock, banningRule)
    assert.deepEqual(rows, [
      ['mvn --fail-at-end -DskipTests package', true, false],
      ['mvn --fail-at-end -DskipTests package # to the end', undefined, false],
      ['mvn --fail-at-end verify', true, false],
      ['mvn --fail-at-end verify # to the end', undefined, false],
    ])
    assert.match(first, /banned/i)
    assert.match(first, /SafeConstructor cannot be applied/)
    assert.deepEqual(view.matrix?.breaks?.slice(0, 2), [
      'The build (`mvn --fail-at-end -DskipTests package`) fails.',
      'The test command (`mvn --fail-at-end verify`) fails.',
    ])
    assert.match(view.reports.update?.notes.join('\n') ?? '', /before all was built and tested/)
  })
})

/** A breaking update of a build that a rule holds to something, left as it is: its steps, and what the agent was told. */
async function heldTo(drydock: Drydock, rule: string) {
  await using repository = await fixtureRepository('maven/single')
  const pom = join(repository.root, 'pom.xml')
  await writeFile(pom, (await readFile(pom, 'utf8')).replace('</project>', `${rule}</project>`))
  await git(repository.root, 'commit', '--quiet', '--all', '--message', 'A rule')
  const model = await startModel({ agent: () => ({ text: 'I leave it.' }), judge: () => ({ text: '' }) })
  try {
    const argv = ['update', 'org.yaml:snakeyaml@2.2', '--repo', repository.root, '--no-review']
    const view = await drydock.session([...argv, '--max-attempts', '1'], playedBy(model))
    const rows = view.matrix?.steps?.map(({ command, base, update }) => [command, base, update])
    const first = JSON.stringify(model.requests.find(({ purpose }) => purpose === 'agent')?.body)
    return { view, rows, first }
  } finally {
    await model.close()
  }
}

/** The session's evidence comes out the same in another clone, by a home that knows nothing of it. */
async function holdsElsewhere(drydock: Drydock, session: string, root: string): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'drydock-evidence-')))
  await using _folder = { [Symbol.asyncDispose]: () => discard(folder) }
  const [out, clone] = [join(folder, 'out'), join(folder, 'clone')]
  const written = await drydock.run(['evidence', session, '--out', out])
  assert.equal(written.code, 0, written.stderr)
  await git(folder, 'clone', '--quiet', root, clone)
  await using elsewhere = await openDrydock()
  await assertSameAgain(elsewhere, out, clone)
}

/** Asks for a property that nothing gives, as a build of releases does. */
const failingRule = enforcing('<requireProperty><property>release.key</property></requireProperty>')

const banningRule = enforcing(
  '<bannedDependencies><excludes><exclude>org.yaml:snakeyaml:[2.0,)</exclude></excludes></bannedDependencies>',
)

function enforcing(rule: string): string {
  return `
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-enforcer-plugin</artifactId>
        <version>3.4.1</version>
        <executions>
          <execution>
            <goals><goal>enforce</goal></goals>
            <configuration><rules>${rule}</rules></configuration>
          </execution>
        </executions>
      </plugin>
    </plugins>
  </build>
`
}

function seriousWarnings({ warnings }: SessionView): unknown[] {
  return warnings.filter(({ severity }) => severity === 'acknowledge')
}
