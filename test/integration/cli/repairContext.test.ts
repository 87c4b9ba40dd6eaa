import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { minimisedLine } from '../../../src/contract/minimised.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { Script, type Turn } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository } from '../../support/repository.ts'

const needless: Turn = {
  text: 'While I am here, a note on the exports.',
  toolUses: [
    {
      name: 'Edit',
      input: {
        path: 'src/index.js',
        old: 'module.exports = { createOrder, shipmentId }',
        new: '// Orders and shipments.\nmodule.exports = { createOrder, shipmentId }',
      },
    },
  ],
}

describe('what the agent is told, and what of its repair is needed', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('gives the changed interface with its uses and the changelog, and names the needless change', async () => {
    await using repository = await fixtureRepository('breaking-update')
    const script = Script.parse(JSON.parse(await readFile(scriptOf('breaking-update'), 'utf8')))
    const [look, ...rest] = script.agent
    assert.ok(look !== undefined)
    const model = await startModel({ ...script, agent: [look, needless, ...rest] })
    try {
      const command = ['update', 'uuid@9', '--repo', repository.root, '--no-review']
      const view = await drydock.session(command, playedBy(model))
      assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
      const first = model.requests.find(({ purpose }) => purpose === 'agent')
      const content = JSON.stringify(first?.body.messages[0])
      assert.match(content, /removed module uuid\/v4/)
      assert.match(content, /From its changelog/)
      assert.match(content, /src\/orders\.js\\n {2}1: const uuid = require\('uuid\/v4'\)/)
      assert.ok((first?.bytes ?? Number.POSITIVE_INFINITY) < 30_000)
      assert.ok(view.minimised)
      assert.deepEqual(view.minimised.unneeded, [{ path: 'src/index.js' }])
      const looked = view.stages.find(({ name, role }) => name === 'verify' && role === 'minimise')
      assert.equal(looked?.detail, minimisedLine(view.minimised))
      // Its first check may take as long as it takes; after that it stops in time.
      const verified = view.stages.find(({ name, role }) => name === 'verify' && role === 'repair')
      const [took, limit] = [looked?.durationMs ?? Number.NaN, verified?.durationMs ?? Number.NaN]
      assert.ok(view.minimised.checks === 1 || took < 2 * limit, `${took} ms after ${limit} ms`)
      const notice = view.warnings.find(({ code }) => code === 'unneeded:src/index.js')
      assert.equal(notice?.severity, 'notice')
      const judged = JSON.stringify(model.requests.find(({ purpose }) => purpose === 'judge')?.body)
      assert.match(judged, /unneeded:src\/index\.js: The checks pass as well without/)
      assert.match(judged, /what failed with the update alone\\ntest: /)
      assert.match(judged, /where the patch meets it[^=]*- removed module uuid\/v4/)
      assert.match(judged, /what the package resolves to with the change\\npackage\.json: uuid 9\./)
      assert.deepEqual(view.patch?.files.map(({ path }) => path).includes('src/index.js'), true)
    } finally {
      await model.close()
    }
  })
})
