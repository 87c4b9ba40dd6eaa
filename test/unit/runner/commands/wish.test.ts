import assert from 'node:assert/strict'
import { join } from 'node:path'
import { newUpdate } from '../../../../src/runner/commands/newTask.ts'
import { planOf } from '../../../../src/runner/commands/wish.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { type FileContent, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

const manifest = JSON.stringify({ name: 'a', private: true, dependencies: { ms: '2.1.2' } })
const pom = `<project><modelVersion>4.0.0</modelVersion>
<groupId>g</groupId><artifactId>a</artifactId><version>1</version>
<dependencies><dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>30.0-jre</version></dependency></dependencies>
</project>`

interface Case {
  readonly files: Readonly<Record<string, FileContent>>
  readonly spec?: string
  readonly refused: RegExp
}

const cases: Readonly<Record<string, Case>> = {
  'no manifest': { files: { 'a.txt': '' }, refused: /no-manifest: .*has no manifest/ },
  'a manifest in a folder alone': { files: { 'web/package.json': manifest }, refused: /web\/package\.json/ },
  'a manifest that is no JSON': { files: { 'package.json': '{' }, refused: /no-manifest: package\.json/ },
  'the name of another ecosystem': {
    files: { 'package.json': manifest },
    spec: 'org.lib:core',
    refused: /no-manifest: .*no pom\.xml/,
  },
  'a build of another kind': {
    files: { 'build.gradle': '' },
    spec: 'org.lib:core',
    refused: /unsupported-ecosystem: .*Gradle/,
  },
  'a configuration with several faults': {
    files: {
      'package.json': manifest,
      '.drydock.json': JSON.stringify({ maxTurns: 'many', budgetUsd: -1, colour: 'red' }),
    },
    refused: /bad-config: .*maxTurns: .*budgetUsd: .*colour/,
  },
  'a configuration that is no JSON': {
    files: { 'package.json': manifest, '.drydock.json': '{\n  "maxTurns": 3,,\n}\n' },
    refused: /bad-config: \.drydock\.json is not valid: it is not JSON \(line 2, column 17/,
  },
}

describe('what the tree alone shows is refused before there is a session', () => {
  for (const [title, { files, spec = 'ms', refused }] of Object.entries(cases))
    it(title, async () => {
      await assert.rejects(planned(files, spec), refused)
    })

  it('a plain name that another ecosystem declares in full is offered in full', async () => {
    await assert.rejects(planned({ 'pom.xml': pom }, 'guava'), (error: { failure: { next: string } }) => {
      assert.match(error.failure.next, /Did you mean com\.google\.guava:guava\?/)
      return true
    })
  })

  async function planned(files: Case['files'], spec: string): Promise<unknown> {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'repository')
    await makeRepository(root, files)
    const { context } = commandContext(join(folder.path, 'home'))
    const { task } = await newUpdate(context, spec, { repo: root })
    return await planOf(context, task)
  }
})
