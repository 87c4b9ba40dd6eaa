import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository } from '../../support/repository.ts'

describe('drydock rerun', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('repeats a session with another model and compares, and asks another judge about the same', async () => {
    await using repository = await fixtureRepository('breaking-update')
    const script = Script.parse(JSON.parse(await readFile(scriptOf('breaking-update'), 'utf8')))
    const first = await startModel(script)
    const view = await drydock.session(
      ['update', 'uuid@9', '--repo', repository.root, '--no-review'],
      playedBy(first),
    )
    await first.close()
    const criterion = { pass: true, reason: 'As asked.', evidence: ["require('uuid')"] }
    const safe = { ...criterion, pass: false, reason: 'It says nothing of its own.' }
    const veto = { in_scope: criterion, safe, quality: criterion }
    // The other one finds nothing to do.
    const second = await startModel({
      agent: () => ({ text: 'I see no way.' }),
      judge: () => ({ toolUses: [{ name: 'verdict', input: veto }] }),
    })
    const flags = ['--model', 'claude-haiku-5-5', '--json']
    const again = await drydock.run(['rerun', view.id, ...flags], playedBy(second))
    assert.equal(again.code, 0, again.stderr)
    const { rows, files } = JSON.parse(again.stdout)
    const row = (what: string) => rows.find((one: { readonly what: string }) => one.what === what)
    assert.deepEqual(
      [row('outcome').before, row('model').after, row('version').same],
      ['awaiting-review', 'claude-haiku-5-5', true],
    )
    assert.notEqual(row('outcome').after, 'awaiting-review')
    assert.deepEqual(
      files.map(({ path, how }: { readonly path: string; readonly how: string }) => [path, how]),
      [
        ['package.json', 'same'],
        ['src/orders.js', 'only before'],
        ['src/shipments.js', 'only before'],
      ],
    )
    const judged = await drydock.run(['rerun', view.id, '--judge-only', '--json'], playedBy(second))
    assert.equal(judged.code, 0, judged.stderr)
    const { exact, before, after } = JSON.parse(judged.stdout)
    assert.deepEqual([exact, before.decision, after.decision], [true, 'approve', 'veto'])
    const asked = second.requests.find(({ purpose }) => purpose === 'judge')
    assert.match(JSON.stringify(asked), /what failed with the update alone/)
    const counted = JSON.parse((await drydock.run(['stats', '--json'])).stdout)
    assert.deepEqual([counted.all.sessions, counted.reruns], [1, 1])
    await second.close()
  })
})
