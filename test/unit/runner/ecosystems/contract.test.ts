import assert from 'node:assert/strict'
import { ecosystemIds, factsOf } from '../../../../src/contract/ecosystems/index.ts'
import { DrydockError, type FailureCode } from '../../../../src/contract/failure.ts'
import { Patch } from '../../../../src/contract/patch.ts'
import { declarationsIn } from '../../../../src/extension/manifests/declarations.ts'
import { createBroker } from '../../../../src/runner/broker/broker.ts'
import { parseSpec } from '../../../../src/runner/commands/newTask.ts'
import { inFolder } from '../../../../src/runner/ecosystems/folder/ecosystem.ts'
import type { LogsModule, SpecModule } from '../../../../src/runner/ecosystems/module.ts'
import type { Project, Tree } from '../../../../src/runner/ecosystems/project.ts'
import { roleOf } from '../../../../src/runner/patch/roles.ts'
import { type EcosystemFixture, ecosystemFixtures } from '../../../support/ecosystemFixture.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { treeOf } from '../../../support/tree.ts'

const fixtures = await ecosystemFixtures()
const folder = '../../../../src/runner/ecosystems'

const fails = (code: FailureCode) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === code && error.failure.next !== ''

describe('every ecosystem', () => {
  it('has a fixture for the suite below', () => {
    assert.deepEqual(
      ecosystemIds.filter((id) => !fixtures.has(id)),
      [],
    )
  })

  it('has names that no other one has', () => {
    const all = ecosystemIds.flatMap((id) => {
      const { manifest, manifests, lockfiles } = factsOf(id)
      return [manifest, ...manifests, ...lockfiles]
    })
    assert.deepEqual(all, [...new Set(all)])
    assert.equal(ecosystemIds.filter((id) => factsOf(id).usual === true).length, 1)
  })
})

for (const [id, fixture] of fixtures) describe(`the ecosystem ${id}`, () => suite(id, fixture))

function suite(id: string, fixture: EcosystemFixture): void {
  const { package: name, from, to, files } = fixture
  const tree = treeOf(files)
  const registered = ecosystemIds.find((one) => one === id)
  let cache: Awaited<ReturnType<typeof temporaryFolder>>
  let made: Awaited<ReturnType<EcosystemFixture['open']>>
  before(async () => {
    cache = await temporaryFolder()
    made = await fixture.open(cache.path)
  })
  after(async () => {
    await made[Symbol.asyncDispose]()
    await cache[Symbol.asyncDispose]()
  })
  const ecosystem = () => made.opened.ecosystem
  const detected = async (of: Tree = tree): Promise<Project> => {
    const project = await ecosystem().detect(of)
    assert.ok(project !== undefined)
    return project
  }
  const updated = async (): Promise<Tree> => {
    const plan = await ecosystem().planUpdate(tree, await detected(), { package: name, requested: 'latest' })
    assert.ok(plan !== undefined)
    const texts = [...plan.files].map(([path, bytes]) => [path, bytes.toString('utf8')])
    return treeOf({ ...files, ...Object.fromEntries(texts) })
  }

  it('knows a project of its own, and no other', async () => {
    const { ecosystem: of, manifests, locks, versionsIn } = await detected()
    assert.equal(of, ecosystem().id)
    assert.ok(locks.every(({ path }) => files[path] !== undefined))
    assert.ok(versionsIn === 'locks' || locks.length === 0)
    assert.ok(manifests.every((path) => files[path] !== undefined) && manifests.length > 0)
    assert.equal(await ecosystem().detect(treeOf({ 'README.md': 'nothing of its' })), undefined)
    assert.equal(ecosystem().id, id)
  })

  it('is known by its facts', async function () {
    if (registered === undefined) return this.skip()
    const { manifest, lockfiles, named } = factsOf(registered)
    assert.ok((await detected()).manifests.includes(manifest))
    assert.equal(roleOf(manifest), 'manifest')
    for (const lock of lockfiles) assert.equal(roleOf(`packages/a/${lock}`), 'lockfile')
    const declared = declarationsIn(`/a/${manifest}`, files[manifest] ?? '')
    assert.deepEqual(
      declared.map((one) => one.name),
      [name],
    )
    assert.equal(named?.form.test(name) ?? true, true)
  })

  it('lists what is outdated', async () => {
    const rows = await ecosystem().outdated(tree, await detected())
    const row = rows.find((one) => one.name === name)
    assert.deepEqual([row?.current, row?.latest, row?.change], [from, to, 'major'])
  })

  it('plans an update and nothing else, and says why where there is none', async () => {
    const project = await detected()
    const plan = (wanted: string, requested: string) =>
      ecosystem().planUpdate(tree, project, { package: wanted, requested })
    const found = await plan(name, 'latest')
    assert.deepEqual([found?.from, found?.to], [from, to])
    assert.equal(found?.resolution.length === 0, project.versionsIn === 'manifests')
    for (const { manifests } of found?.resolution ?? [])
      assert.deepEqual([...manifests.keys()], [...(found?.files.keys() ?? [])])
    for (const [path, bytes] of found?.files ?? []) {
      const [before, after] = [files[path]?.split('\n') ?? [], bytes.toString('utf8').split('\n')]
      assert.equal(after.length, before.length)
      assert.equal(after.filter((line, at) => line !== before[at]).length, 1)
    }
    assert.equal(await plan(name, from), undefined)
    await assert.rejects(plan(name, '99.0.0'), fails('no-such-version'))
    await assert.rejects(plan(`${name}x`, 'latest'), fails('not-a-dependency'))
  })

  it('works in a folder by the paths of the repository', async () => {
    const there = inFolder(ecosystem(), 'app')
    const moved = Object.entries(files).map(([path, text]) => [`app/${path}`, text])
    const whole = treeOf(Object.fromEntries(moved))
    const project = await there.detect(whole)
    const plan = project && (await there.planUpdate(whole, project, { package: name, requested: 'latest' }))
    const own = (paths: Iterable<string>) => [...paths].every((path) => path.startsWith('app/'))
    assert.ok(project !== undefined && own(project.manifests) && own(project.locks.map(({ path }) => path)))
    assert.ok(plan !== undefined && plan.files.size > 0 && own(plan.files.keys()))
    for (const { manifests, loosened } of plan.resolution)
      assert.ok(own(manifests.keys()) && own(loosened?.manifests.keys() ?? []))
  })

  it('tells what a declaration comes to', async () => {
    const after = await updated()
    const project = await detected(after)
    const found = await ecosystem().resolved(after, project, name)
    // What only a lock file decides is not known before there is one.
    assert.deepEqual(
      found.map(({ version }) => version),
      found.map(() => (project.versionsIn === 'manifests' ? to : undefined)),
    )
    assert.ok(found.length > 0)
    assert.deepEqual(await ecosystem().resolved(tree, await detected(), `${name}x`), [])
  })

  it('installs from its registries alone', async () => {
    const project = await detected()
    const recipe = await ecosystem().install(tree, project, 'write')
    assert.ok(recipe.command.length > 0)
    assert.equal(recipe.outputs.length > 0, project.versionsIn === 'locks')
    assert.ok(recipe.keep.length > 0 || recipe.store !== undefined)
    const { host } = new URL(made.opened.served.upstreams[0]?.url ?? '')
    const given = JSON.stringify([
      recipe.command,
      recipe.env,
      [...recipe.files].map(([path, bytes]) => [path, bytes.toString('utf8')]),
    ])
    assert.ok(!given.includes(host), 'the container learns of no registry')
    assert.equal(typeof recipe.restore('a', Buffer.from('b')).toString('utf8'), 'string')
  })

  it('serves packages to a container, and refuses every other form before anybody is asked', async () => {
    const broker = createBroker({ registries: [made.opened.served], cacheDir: cache.path })
    const upstream = made.opened.served.upstreams[0]?.name ?? ''
    const ask = async (method: string, path: string): Promise<number> => {
      const request = { method, target: `/${upstream}/${path}`, headers: {}, body: Buffer.alloc(0) }
      return (await broker.handle(request, new AbortController().signal)).status
    }
    assert.equal(await ask('GET', fixture.requests.served), 200)
    const before = made.asked()
    for (const path of fixture.requests.refused) assert.ok((await ask('GET', path)) >= 400, path)
    assert.ok((await ask('PUT', fixture.requests.served)) >= 400)
    assert.equal(made.asked(), before)
  })

  it('runs the project’s own checks', async () => {
    const found = await ecosystem().checks(tree, await detected(), {})
    assert.ok(found.some(({ step }) => step === 'test'))
    for (const { argv, display } of found) assert.ok(argv.length > 0 && display !== '')
    assert.deepEqual(await ecosystem().checks(tree, await detected(), { steps: [] }), [])
  })

  it('reads what a failing check left, and abstracts its log', async () => {
    const { log, files: left, test } = fixture.failing
    const results = ecosystem().results(
      new Map(Object.entries(left).map(([path, text]) => [path, Buffer.from(text)])),
      log,
    )
    const failed = results?.filter(({ outcome }) => outcome === 'failed').map((one) => one.id)
    if (results !== undefined) assert.ok(failed?.some((one) => one.includes(test)))
    const summary = ecosystem().summarise('test', log)
    assert.equal(summary.category, 'TEST_FAILURE')
    assert.ok(summary.text.includes(test), summary.text)
    const { summariser } = (await import(`${folder}/${id}/logs.ts`)) as LogsModule
    const reading = summariser('test')
    reading.chunk?.(log)
    for (const [at, line] of log.split('\n').entries()) reading.line(line, at + 1)
    assert.ok(reading.sections().length > 0)
  })

  it('finds its own update explained', async () => {
    const after = await updated()
    const patch = Patch.parse({ baseCommit: '0'.repeat(40), text: '', digest: '0'.repeat(64), files: [] })
    assert.deepEqual(await ecosystem().explainLock(tree, after, patch), [])
  })

  it('reads a package as a person types it', async () => {
    const { readSpec } = (await import(`${folder}/${id}/spec.ts`)) as SpecModule
    assert.deepEqual(readSpec(fixture.spec), { package: name, requested: to })
    assert.equal(readSpec('../no package at all'), undefined)
    if (registered === undefined) return
    const typed = { ecosystem: registered, package: name, requested: to }
    assert.deepEqual(await parseSpec(`${id}:${fixture.spec}`), typed)
    // A plain name is of whoever has a manifest there.
    assert.deepEqual(await parseSpec(fixture.spec, async () => [factsOf(registered).manifest]), typed)
  })
}
