import assert from 'node:assert/strict'
import { join } from 'node:path'
import { openDrydock, playedBy } from '../../support/drydock.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'
import { Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`
const integrity =
  'sha512-sGkPx+VjMtmA6MX27oA4FBFELFCZZ4S4XqeGOXCv68tT+jb3vk/RyaKWP0PTKyWtmLSM0b+adUTEvbs1PEaH2w=='
const dependencies = { ms: '2.1.2' }

const files = {
  'package.json': json({ name: 'fx', version: '1.0.0', scripts: { test: 'node --test' }, dependencies }),
  'package-lock.json': json({
    ...{ name: 'fx', version: '1.0.0', lockfileVersion: 3, requires: true },
    packages: {
      '': { name: 'fx', version: '1.0.0', dependencies },
      'node_modules/ms': { version: '2.1.2', integrity, license: 'MIT' },
    },
  }),
  'index.js': "exports.version = () => require('ms/package.json').version\n",
  'test/index.test.js':
    "const { version } = require('..')\nrequire('node:test')('its version', () => require('node:assert').equal(version(), '2.1.2'))\n",
}

const edit = (path: string, old: string, now: string) => ({
  toolUses: [{ name: 'Edit', input: { path, old, new: now } }],
})

describe('a repair that does without the update', () => {
  it('is green and refused: pinned back, then not used any more', async () => {
    await using folder = await temporaryFolder()
    await using drydock = await openDrydock()
    const model = await startModel(
      Script.parse({
        agent: [
          edit('package.json', '"ms": "2.1.3"', '"ms": "npm:ms@2.1.2"'),
          { toolUses: [{ name: 'Verify', input: {} }] },
          { text: 'It passes.' },
          edit('package.json', '"ms": "npm:ms@2.1.2"', '"ms": "2.1.3"'),
          edit('index.js', "require('ms/package.json').version", "'2.1.2'"),
          { text: 'It passes.' },
        ],
      }),
    )
    try {
      const root = join(folder.path, 'user')
      await makeRepository(root, files)
      const view = await drydock.session(
        ['update', 'ms@2.1.3', '--repo', root, '--no-review', '--max-attempts', '2'],
        playedBy(model),
      )
      const asked = JSON.stringify(model.requests)
      assert.match(asked, /package\.json gets ms 2\.1\.2, where the update brought 2\.1\.3\./)
      assert.deepEqual([view.outcome, view.matrix?.green], ['verification-failed', true], view.reason ?? '')
      assert.match(view.reason ?? '', /No file imports ms any more: it was done without, not updated\./)
      assert.equal(model.count('judge'), 0)
    } finally {
      await model.close()
    }
  })
})
