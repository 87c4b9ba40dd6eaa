import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { fixtureRepository, git } from '../../support/repository.ts'

describe('another commit that asks for the same packages', function () {
  this.timeout(600_000)
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('takes them from the earlier install, for the base and for the update', async () => {
    await using repository = await fixtureRepository('maven/single')
    const argv = [
      'update',
      'org.apache.commons:commons-lang3:3.13.0',
      '--repo',
      repository.root,
      '--no-review',
    ]
    const told = async () => {
      const view = await drydock.session(argv)
      assert.deepEqual(
        [view.outcome, view.matrix?.green, view.matrix?.verified],
        ['awaiting-review', true, true],
      )
      const prepared = view.stages.filter(({ name }) => name === 'prepare')
      return {
        details: prepared.map(({ role, cached, detail = '' }) => [
          role,
          cached,
          /as installed for/.test(detail),
        ]),
        moves: view.why?.packages,
      }
    }
    const first = await told()
    assert.deepEqual(first.details, [
      ['base', false, false],
      ['update', false, false],
    ])
    await writeFile(join(repository.root, 'note.txt'), 'Nothing that an install reads.\n')
    await git(repository.root, 'add', 'note.txt')
    await git(repository.root, 'commit', '--quiet', '--message', 'A note')
    const second = await told()
    assert.deepEqual(second.details, [
      ['base', false, true],
      ['update', false, true],
    ])
    assert.deepEqual(second.moves, first.moves)
  })
})
