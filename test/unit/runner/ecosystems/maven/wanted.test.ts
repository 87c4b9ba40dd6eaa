import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPom } from '../../../../../src/runner/ecosystems/maven/pom/pom.ts'
import { openWanted } from '../../../../../src/runner/ecosystems/maven/wanted.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'

const pomOf = (version: string) => [
  readPom(
    'pom.xml',
    Buffer.from(
      `<project><groupId>a</groupId><artifactId>b</artifactId><version>${version}</version></project>`,
    ),
    true,
  ),
]
const [base, update, other] = [pomOf('1'), pomOf('2'), pomOf('3')]
const [jna, junit] = ['jna', 'junit'].map((name) => ({ groupId: name, artifactId: name, version: '1' }))
assert.ok(jna !== undefined && junit !== undefined)

describe('what offline builds wanted', () => {
  it('is asked for in every install of the session from then on', async () => {
    const wanted = openWanted(undefined)
    assert.deepEqual(await wanted.for(base), [])
    await wanted.add([junit])
    assert.deepEqual(await wanted.for(base), [junit])
    assert.deepEqual(await wanted.for(update), [junit])
  })

  it('leaves the list of a build as it was in the session that prepared it', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'wanted.json')
    const first = openWanted(file)
    await first.for(base)
    await first.add([junit])
    await first.for(base)
    await first.for(update)
    await first.add([jna])
    await first.for(update)
    const second = openWanted(file)
    assert.deepEqual(await second.for(base), [junit])
    assert.deepEqual(await second.for(update), [jna, junit])
    assert.deepEqual(await second.for(other), [jna, junit], 'a build that nobody saw has all from the start')
    await second.add([jna])
    assert.deepEqual(await second.for(base), [jna, junit], 'what this session misses is added')
  })

  it('begins anew where its file cannot be read', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'wanted.json')
    for (const text of ['', '[]', '{"all":[{}],"builds":{}}', '{"all":']) {
      await writeFile(file, text)
      assert.deepEqual(await openWanted(file).for(base), [])
    }
  })
})
