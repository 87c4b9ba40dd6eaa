import assert from 'node:assert/strict'
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { inTurn } from '../../support/inTurn.ts'
import { discard } from '../../support/keys.ts'
import { makeRepository } from '../../support/madeRepository.ts'
import { startModel } from '../../support/model/server.ts'

/** A repository that `discard` takes away. */
async function repository(document: object, files: Readonly<Record<string, string>>) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'drydock-base-')))
  const work = join(root, 'work')
  const manifest = JSON.stringify({ name: 'base', version: '1.0.0', ...document })
  await makeRepository(work, { 'package.json': manifest, ...files })
  return { work, [Symbol.asyncDispose]: () => discard(root) }
}

/** Version 11 of lru-cache asks for Node 20 or 22 and does not load on 12. */
const use = `const lru = require('lru-cache')
const Cache = lru.LRUCache || lru
new Cache({ max: 2 }).set('a', 1)
`

/** Its engines leave the Node open; without a newer version to come it is on 12. */
const project = (build: string) =>
  repository(
    {
      engines: { node: '12 || >=22' },
      scripts: { build, test: 'node index.js' },
      dependencies: { 'lru-cache': '7.18.3' },
      devDependencies: { '@types/node': '12.20.55' },
    },
    { 'index.js': use },
  )

const exits = (report: { readonly steps: readonly { exitCode: number | null }[] } | undefined) =>
  report?.steps.map(({ exitCode }) => exitCode)

describe('a base that is not as the repository alone would lead to', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  async function update(work: string, spec: string) {
    const model = await startModel({ agent: () => ({ text: 'I leave it.' }), judge: () => ({ text: '' }) })
    try {
      const argv = ['update', spec, '--repo', work, '--no-review', '--max-attempts', '1']
      const view = await drydock.session(argv, playedBy(model))
      const asked = model.requests.some(({ purpose }) => purpose === 'agent')
      const said = view.warnings.filter(({ code }) => /^(engine|newer-tools|legacy-peers):/.test(code))
      return { view, asked, said, codes: said.map(({ code }) => code) }
    } finally {
      await model.close()
    }
  }

  inTurn(0, 2)(
    'is on a newer Node that the new version asks for, where its own was guessed and it is as good there',
    async () => {
      await using made = await project('node --version')
      const { view, asked, said } = await update(made.work, 'lru-cache@11')
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
    },
  )

  inTurn(1, 2)(
    'is there for a repair that changes a manifest too, and for what a reviewer leaves of it',
    async () => {
      const scripts = { test: 'node index.js' }
      await using made = await repository(
        {
          ...{ scripts, engines: { node: '12 || >=22' }, dependencies: { 'lru-cache': '7.18.3' } },
          devDependencies: { '@types/node': '12.20.55' },
        },
        { 'index.js': "new (require('lru-cache'))({ max: 2 }).set('a', 1)\n", 'notes.txt': 'one\n' },
      )
      const edit = (path: string, old: string, now: string) => ({
        ...{ name: 'Edit', input: { path, old, new: now } },
      })
      const toolUses = [
        edit('index.js', "(require('lru-cache'))", "(require('lru-cache').LRUCache)"),
        edit('package.json', '"version":"1.0.0"', '"version":"1.0.1"'),
        edit('notes.txt', 'one', 'two'),
      ]
      const criterion = { pass: true, reason: 'Looks right.', evidence: ['index.js'] }
      const verdict = { in_scope: criterion, safe: criterion, quality: criterion }
      const model = await startModel({
        agent: [{ text: 'The class has a name.', toolUses }, { text: 'Done.' }],
        judge: () => ({ text: '', toolUses: [{ name: 'verdict', input: verdict }] }),
      })
      await using _ = { [Symbol.asyncDispose]: () => model.close() }
      const argv = ['update', 'lru-cache@11', '--repo', made.work, '--no-review', '--max-attempts', '1']
      const view = await drydock.session(argv, playedBy(model))
      const left = await drydock.session(['drop', view.id, 'notes.txt'], playedBy(model))
      const isOn = 'Node 22 (the new version asks for it)'
      for (const { outcome, reports, stages } of [view, left]) {
        assert.equal(outcome, 'awaiting-review')
        const { base, update, repair, dropped = repair } = reports
        assert.deepEqual(
          [base, update, dropped].map((report) => report?.toolchain),
          [isOn, isOn, isOn],
        )
        const installed = stages.filter(({ name, role }) => name === 'prepare' && role !== 'base')
        assert.ok(
          installed.every(({ detail }) => detail?.endsWith(isOn)),
          JSON.stringify(installed),
        )
      }
      assert.deepEqual(
        left.patch?.files.map(({ path }) => path),
        ['index.js', 'package.json'],
      )
    },
  )

  inTurn(2, 2)('stays on its own Node where it is not, and says so', async () => {
    await using made = await project('node -e \'process.exit(process.version < "v2" ? 0 : 1)\'')
    const { view, asked, said } = await update(made.work, 'lru-cache@11')
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

  inTurn(3, 2)(
    'is installed by the rules of npm 6 where its peers do not fit, without a lock file as with one',
    async () => {
      const document = {
        scripts: { test: 'node -e "require(\'react\')"' },
        dependencies: { react: '16.14.0', 'react-dom': '18.2.0', ms: '2.0.0' },
      }
      await using made = await repository(document, {})
      const { view, codes } = await update(made.work, 'ms@2.1.3')
      assert.deepEqual(codes, ['legacy-peers:package.json'])
      assert.deepEqual([exits(view.reports.base), exits(view.reports.update)], [[0], [0]])
    },
  )

  inTurn(4, 2)(
    'can commit in git as its owner can, and says which file it misses that is not packaged',
    async () => {
      const document = {
        scripts: { build: 'node commit.js', test: 'node read.js' },
        dependencies: { ms: '2.0.0' },
      }
      await using made = await repository(document, {
        'commit.js': `const run = (...argv) => require('child_process').execFileSync('git', argv, { cwd: '/tmp/own' })
require('fs').mkdirSync('/tmp/own')
run('init', '-q')
run('commit', '-q', '--allow-empty', '-m', 'x')
`,
        'read.js': "require('fs').readFileSync('keys/own.pem')\n",
        'keys/own.pem': 'not a key\n',
      })
      const { view } = await update(made.work, 'ms@2.1.3')
      assert.deepEqual(exits(view.reports.base), [0, 1])
      assert.match(
        view.reports.base?.notes.join('\n') ?? '',
        /asks for keys\/own\.pem, which is not packaged.*--keep-secret-files/,
      )
    },
  )
})
