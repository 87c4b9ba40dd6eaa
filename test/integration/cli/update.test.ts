import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository, folderDigest } from '../../support/repository.ts'
import { type StandInCollector, startCollector } from '../../support/telemetry/collector.ts'

async function played(fixture: string) {
  const model = await startModel(Script.parse(JSON.parse(await readFile(scriptOf(fixture), 'utf8'))))
  return {
    ...model,
    count: model.count,
    requests: model.requests,
    [Symbol.asyncDispose]: () => model.close(),
  }
}

describe('drydock update', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  /** What went out while it ran is what its log comes to, and the words of the model are no part of it. */
  async function isTraced({ id }: SessionView, { received }: StandInCollector): Promise<void> {
    const wire = Buffer.concat(received.map(({ body }) => body))
    const { stdout } = await drydock.run(['trace', id, '--print'])
    const { spans } = JSON.parse(stdout) as {
      spans: readonly { id: string; parent?: string; name: string }[]
    }
    for (const span of spans) assert.ok(wire.includes(Buffer.from(span.id, 'hex')), span.name)
    const names = new Set(spans.map(({ name }) => name))
    for (const name of ['container agent', 'container install', 'container project', 'execute_tool Verify'])
      assert.ok(names.has(name), name)
    const nameOf = (id: string | undefined) => spans.find((span) => span.id === id)?.name
    // What is read back between two stages stands below the session itself.
    const below = (container: string) =>
      spans.filter(({ name }) => name === container).map(({ parent }) => nameOf(parent) ?? '')
    for (const name of below('container agent')) assert.equal(name, 'repair')
    for (const name of below('container install')) assert.match(name, /^(prepare|update)/)
    assert.ok(below('container project').includes('verify repair'), String(below('container project')))
    assert.ok(!wire.includes('src/orders.js'))
  }

  it('spends no agent turn and one request on a clean update', async () => {
    await using repository = await fixtureRepository('clean-update')
    await using model = await played('clean-update')
    const view = await drydock.session(
      ['update', 'ms', '--repo', repository.root, '--no-review'],
      playedBy(model),
    )
    assert.equal(view.outcome, 'awaiting-review')
    assert.deepEqual([model.count('agent'), model.count('judge')], [0, 1])
    assert.deepEqual([view.matrix?.green, view.matrix?.counts.passing], [true, 3])
    assert.deepEqual(view.patch?.files.map(({ path }) => path).sort(), ['package-lock.json', 'package.json'])
    assert.equal(view.verdict?.decision, 'approve')
    assert.deepEqual(view.warnings, [])
  })

  it('reaches review without a key, marked "not judged", and is published only by who says so', async () => {
    await using repository = await fixtureRepository('clean-update')
    const view = await drydock.session(['update', 'ms', '--repo', repository.root, '--no-review'])
    assert.deepEqual([view.outcome, view.verdict?.decision], ['awaiting-review', 'not-judged'])
    const refused = await drydock.run(['publish', view.id, '--yes'])
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /^not-judged: .*\nNext: .*--without-judge/)
    const noRemote = await drydock.run(['publish', view.id, '--yes', '--without-judge'])
    assert.match(noRemote.stderr, /^no-remote: /)
  })

  it('repairs a breaking update, and leaves the repository bit for bit as it was', async () => {
    await using repository = await fixtureRepository('breaking-update')
    const before = await folderDigest(repository.root)
    await using model = await played('breaking-update')
    await using collector = await startCollector()
    const view = await drydock.session(['update', 'uuid@9', '--repo', repository.root, '--no-review'], {
      ...playedBy(model),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    })
    await isTraced(view, collector)
    assert.equal(view.outcome, 'awaiting-review')
    assert.deepEqual([view.matrix?.green, view.matrix?.counts.repaired], [true, 7])
    assert.equal(view.turns, 5)
    assert.deepEqual(view.patch?.files.map(({ path }) => path).sort(), [
      'package-lock.json',
      'package.json',
      'src/orders.js',
      'src/shipments.js',
    ])
    assert.deepEqual(view.warnings, [])
    assert.equal(await folderDigest(repository.root), before)
  })

  it('repairs a library with a build', async () => {
    await using repository = await fixtureRepository('library-with-build')
    await using model = await played('library-with-build')
    const view = await drydock.session(
      ['update', 'zod@4', '--repo', repository.root, '--no-review'],
      playedBy(model),
    )
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.equal(view.matrix?.green, true)
    assert.deepEqual(
      view.matrix?.steps.find(({ name }) => name === 'build'),
      { name: 'build', command: 'npm run build', label: 'repaired', base: true, update: false, repair: true },
    )
    assert.deepEqual(view.patch?.files.map(({ path }) => path).sort(), [
      'package-lock.json',
      'package.json',
      'src/index.ts',
    ])
  })

  it('updates every workspace that declares the package', async () => {
    await using repository = await fixtureRepository('app-with-workspaces')
    await using model = await played('app-with-workspaces')
    const view = await drydock.session(
      ['update', 'escape-string-regexp@5', '--repo', repository.root, '--no-review'],
      playedBy(model),
    )
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.deepEqual([view.matrix?.green, view.matrix?.counts.repaired], [true, 4])
    const paths = view.patch?.files.map(({ path }) => path) ?? []
    assert.ok(paths.includes('packages/search/package.json') && paths.includes('packages/web/package.json'))
  })

  it('labels tests that failed before "already failing", and is not blocked by them', async () => {
    await using repository = await fixtureRepository('failing-baseline')
    await using model = await played('failing-baseline')
    const view = await drydock.session(
      ['update', 'nanoid@3', '--repo', repository.root, '--no-review'],
      playedBy(model),
    )
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.equal(view.matrix?.green, true)
    const failing = view.matrix?.tests.filter(({ label }) => label === 'already failing').map(({ id }) => id)
    assert.deepEqual(failing?.sort(), [
      'test/codes.test.js › inner spaces are dropped',
      'test/codes.test.js › look-alikes are mapped',
    ])
  })
})
