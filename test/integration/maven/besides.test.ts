import assert from 'node:assert/strict'
import { mkdtemp, readFile, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { inTurn } from '../../support/inTurn.ts'
import { discard } from '../../support/keys.ts'
import { makeRepository } from '../../support/madeRepository.ts'
import { startModel } from '../../support/model/server.ts'

const fixture = join(import.meta.dirname, '../../fixtures/projects/maven/single/repo')

/** Java that holds the script's version to what it was written for. */
const javaTest = `package com.example.settings;

import static org.junit.jupiter.api.Assertions.assertTrue;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScriptVersionTest {
  @Test
  void shipsTheKnownVersion() throws Exception {
    String text = Files.readString(Path.of("package.json"));
    assertTrue(text.contains("\\"ms\\": \\"2.0.0\\""), "ms is not the version that the page was made with");
  }
}
`

async function twoProjects(pom?: string) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'drydock-beside-')))
  const work = join(root, 'work')
  const manifest = {
    ...{ name: 'page', version: '1.0.0', dependencies: { ms: '2.0.0' } },
    scripts: { test: "node -e \"if (require('ms')('1s') !== 1000) process.exit(1)\"" },
  }
  await makeRepository(work, {
    'package.json': JSON.stringify(manifest, null, 2),
    '.gitignore': 'target/\nnode_modules/\n',
    'pom.xml': pom ?? (await readFile(join(fixture, 'pom.xml'), 'utf8')),
    'src/test/java/com/example/settings/ScriptVersionTest.java': javaTest,
  })
  return { work, [Symbol.asyncDispose]: () => discard(root) }
}

describe('a repository that two tools build', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  inTurn(0, 2)('is verified whole: what only the other one’s tests show goes to the agent', async () => {
    await using made = await twoProjects()
    let told = ''
    const model = await startModel({
      agent: ({ messages }, number) => {
        if (number === 1) told = JSON.stringify(messages)
        return { text: 'I leave it.' }
      },
      judge: () => ({ text: '' }),
    })
    try {
      const argv = ['update', 'ms@2.1.3', '--repo', made.work, '--no-review', '--max-attempts', '1']
      const view = await drydock.session(argv, playedBy(model))
      const steps = view.reports.base?.steps ?? []
      assert.deepEqual([...new Set(steps.map(({ command }) => command.split(' ')[0]))], ['npm', 'mvn'])
      assert.ok(steps.every(({ exitCode }) => exitCode === 0))
      assert.match(view.reports.base?.toolchain ?? '', /Node .*; .*JDK/)
      const broken = view.matrix?.tests.find(({ id }) => id.includes('shipsTheKnownVersion'))
      assert.equal(broken?.update, 'failed')
      assert.match(told, /ms is not the version/)
      assert.deepEqual([broken?.label, view.outcome], ['broken', 'verification-failed'])
    } finally {
      await model.close()
    }
  })

  inTurn(1, 2)('says that one of them cannot be read, and measures the other', async () => {
    await using made = await twoProjects('<project>')
    const view = await drydock.session(['update', 'ms@2.1.3', '--repo', made.work, '--no-review'])
    assert.equal(view.outcome, 'awaiting-review')
    const said = view.warnings.find(({ code }) => code === 'not-checked:pom.xml')
    assert.match(said?.message ?? '', /Maven.*nothing of it was checked: /)
  })
})
