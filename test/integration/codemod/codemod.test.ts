import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codemodFolder, codemodForUuid, siblingRepository } from '../../support/codemod.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { inTurn } from '../../support/inTurn.ts'
import { Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository } from '../../support/repository.ts'

describe('a repair that is made again elsewhere', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  inTurn(3, 4)('repairs another repository without a key, and says so', async () => {
    const session = '20260101-000000-abcdef'
    const from = { session, package: 'uuid', to: '9.0.1', patch: 'a'.repeat(64) }
    const folder = await codemodFolder(drydock.home, { ...codemodForUuid, from })
    await using other = await siblingRepository(1)
    const view = await drydock.session([
      ...['update', 'uuid@9', '--repo', other.root, '--no-review', '--codemod', folder],
    ])
    assert.deepEqual([view.outcome, view.turns, view.costUsd], ['awaiting-review', 0, 0])
    assert.deepEqual(
      [view.codemod?.result, view.codemod?.from, view.patch?.source, view.matrix?.counts.repaired],
      ['covered', session, 'codemod', 7],
    )
    assert.deepEqual([view.matrix?.green, view.verdict?.decision], [true, 'not-judged'])
    const { stdout } = await drydock.run(['show', view.id])
    assert.match(
      stdout,
      new RegExp(`Codemod  repaired by the codemod of session ${session}, which changed 2 files`),
    )
    const groups = JSON.parse((await drydock.run(['alike', '--json'])).stdout)
    const own = groups.find(({ sessions }: { sessions: { id: string }[] }) =>
      sessions.some(({ id }) => id === view.id),
    )
    assert.match(own.lines.join(), /\+\{ v4 : /)
    const refused = await drydock.run(['alike', '--approve', own.shape])
    assert.equal(refused.code, 2)
    assert.match(refused.stdout, new RegExp(`${view.id}  not-judged`))
  })

  inTurn(0, 4)('is distilled from an accepted one, and tried on its base', async () => {
    await using first = await fixtureRepository('breaking-update')
    const script = Script.parse(JSON.parse(await readFile(scriptOf('breaking-update'), 'utf8')))
    const { v: _, ...answer } = codemodForUuid
    const model = await startModel({
      ...script,
      // The first answer mends half of it.
      distil: [
        { toolUses: [{ name: 'codemod', input: { ...answer, text: answer.text.split('---\n')[0] } }] },
        { toolUses: [{ name: 'codemod', input: answer }] },
      ],
    })
    const repaired = await drydock.session(
      ['update', 'uuid@9', '--repo', first.root, '--no-review'],
      playedBy(model),
    )
    assert.equal(repaired.outcome, 'awaiting-review')
    const out = join(drydock.home, 'codemod')
    const distilled = await drydock.run(['distil', repaired.id, '-o', out, '--json'], playedBy(model))
    assert.equal(distilled.code, 0, distilled.stdout + distilled.stderr)
    const { from, costUsd, trial } = JSON.parse(distilled.stdout)
    assert.deepEqual([from.session, from.package, from.to], [repaired.id, 'uuid', repaired.to])
    assert.ok(costUsd > 0)
    assert.equal(model.count('distil'), 2)
    const second = model.requests.findLast(({ purpose }) => purpose === 'distil')
    assert.match(JSON.stringify(second?.body), /It changed code, and checks still fail/)
    const tried = JSON.parse((await drydock.run(['show', trial, '--json'])).stdout)
    assert.deepEqual(
      [tried.outcome, tried.codemod.result, tried.task.rerun.of],
      ['rejected', 'covered', repaired.id],
    )
    await model.close()
  })

  inTurn(1, 4)('is asked a model for where it does not cover all, from what it did', async () => {
    await using repository = await siblingRepository(2)
    const half = { ...codemodForUuid, text: codemodForUuid.text.split('---\n')[0] ?? '' }
    const folder = await codemodFolder(drydock.home, half)
    const model = await startModel({
      agent: [
        {
          toolUses: [
            {
              name: 'Edit',
              input: {
                path: 'src/shipments.js',
                old: "const named2 = require('uuid/v5')",
                new: "const { v5: named2 } = require('uuid')",
              },
            },
          ],
        },
        { text: 'The rest of it.' },
      ],
      judge: Script.parse(JSON.parse(await readFile(scriptOf('breaking-update'), 'utf8'))).judge.map((turn) =>
        JSON.parse(JSON.stringify(turn).replaceAll('v4: uuid', 'v4: makeId2')),
      ),
    })
    const view = await drydock.session(
      ['update', 'uuid@9', '--repo', repository.root, '--no-review', '--codemod', folder],
      playedBy(model),
    )
    await model.close()
    assert.deepEqual(
      [view.outcome, view.codemod?.result, view.patch?.source],
      ['awaiting-review', 'partly', 'repair'],
    )
    assert.deepEqual(
      view.patch?.files.filter(({ role }) => role === 'source').map(({ path }) => path),
      ['src/orders.js', 'src/shipments.js'],
    )
    assert.match(JSON.stringify(model.requests[0]?.body), /A codemod came before/)
  })

  inTurn(2, 4)('that is hostile is held by the same rules as an agent', async () => {
    await using repository = await siblingRepository(4)
    const script = `export default (text, path) => path.startsWith('test/') ? '' : text`
    const folder = await codemodFolder(drydock.home, {
      ...{ v: 1, kind: 'script', title: 'Empties the tests', files: ['**/*.js'], text: script },
    })
    const view = await drydock.session([
      'update',
      'uuid@9',
      '--repo',
      repository.root,
      '--no-review',
      '--codemod',
      folder,
    ])
    assert.equal(view.failure?.code, 'repair-needs-key')
    assert.equal(view.matrix?.green, false)
    assert.deepEqual(
      [view.codemod?.result, view.patch?.source, view.reports.repair],
      ['worse', 'update', undefined],
    )
    assert.deepEqual(
      view.patch?.files.filter(({ role }) => role === 'test'),
      [],
    )
  })

  it('of another package, or what is no codemod, is refused before anything runs', async () => {
    await using repository = await siblingRepository(6)
    const from = { session: '20260101-000000-abcdef', package: 'ms', to: '3.0.0', patch: 'a'.repeat(64) }
    const refused = async (folder: string): Promise<string> => {
      const { code, stderr } = await drydock.run([
        'update',
        'uuid@9',
        '--repo',
        repository.root,
        '--codemod',
        folder,
      ])
      assert.equal(code, 2)
      return stderr
    }
    const other = await codemodFolder(drydock.home, { ...codemodForUuid, from })
    assert.match(await refused(other), /^bad-codemod: .*an update of ms, and this is one of uuid/)
    await writeFile(join(other, 'codemod.json'), '{"v":2}')
    assert.match(await refused(other), /^bad-codemod: /)
    assert.match(await refused(join(drydock.home, 'none')), /codemod\.json cannot be read/)
  })
})
