import assert from 'node:assert/strict'
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { discard } from '../../support/keys.ts'
import { makeRepository } from '../../support/madeRepository.ts'
import { startModel } from '../../support/model/server.ts'

/** Version 11 of lru-cache asks for Node 20 or 22 and does not load on 12. */
const use = `const lru = require('lru-cache')
const Cache = lru.LRUCache || lru
new Cache({ max: 2 }).set('a', 1)
`

/** Its engines leave the Node open; without a newer version to come it is on 12. */
async function project(build: string) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'drydock-tools-')))
  const work = join(root, 'work')
  await makeRepository(work, {
    'package.json': JSON.stringify({
      name: 'tools',
      version: '1.0.0',
      engines: { node: '12 || >=22' },
      scripts: { build, test: 'node index.js' },
      dependencies: { 'lru-cache': '7.18.3' },
      devDependencies: { '@types/node': '12.20.55' },
    }),
    'index.js': use,
  })
  return { work, [Symbol.asyncDispose]: () => discard(root) }
}

describe('a new version that asks for a newer Node than was guessed', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  async function update(work: string) {
    const model = await startModel({ agent: () => ({ text: 'I leave it.' }), judge: () => ({ text: '' }) })
    try {
      const argv = ['update', 'lru-cache@11', '--repo', work, '--no-review', '--max-attempts', '1']
      const view = await drydock.session(argv, playedBy(model))
      const asked = model.requests.some(({ purpose }) => purpose === 'agent')
      const said = view.warnings.filter(({ code }) => /^(engine|newer-tools):/.test(code))
      return { view, asked, said }
    } finally {
      await model.close()
    }
  }
  const exits = (report: { readonly steps: readonly { exitCode: number | null }[] } | undefined) =>
    report?.steps.map(({ exitCode }) => exitCode)

  it('is checked on that one, base and update alike, where the base is as good there', async () => {
    await using made = await project('node --version')
    const { view, asked, said } = await update(made.work)
    assert.deepEqual(
      [exits(view.reports.base), exits(view.reports.update)],
      [
        [0, 0],
        [0, 0],
      ],
    )
    assert.equal(asked, false)
    assert.deepEqual(
      said.map(({ code, severity }) => [code, severity]),
      [['newer-tools:lru-cache', 'acknowledge']],
    )
    assert.match(said[0]?.message ?? '', /asks for Node 20 \|\| >=22: .* on Node 22\. .* on Node 12 \(/)
  })

  it('stays on its own where the base is not, and says so', async () => {
    await using made = await project('node -e \'process.exit(process.version < "v2" ? 0 : 1)\'')
    const { view, asked, said } = await update(made.work)
    assert.deepEqual(
      [exits(view.reports.base), exits(view.reports.update)],
      [
        [0, 0],
        [0, 1],
      ],
    )
    assert.equal(asked, true)
    assert.deepEqual(
      said.map(({ code }) => code),
      ['engine:lru-cache'],
    )
    assert.match(said[0]?.message ?? '', /was checked on Node 12 \(/)
  })
})
