import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pack } from 'tar-stream'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { canOwnEngine, type OwnEngine, ownEngine } from '../../support/ownEngine.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

const lockHolder = join(import.meta.dirname, '../../support/lockHolder.ts')

describe('drydock prune', () => {
  let engine: OwnEngine
  let drydock: Drydock
  before(async function () {
    if (!(await canOwnEngine())) this.skip()
    engine = await ownEngine()
    drydock = await openDrydock()
    await mkdir(join(drydock.home, 'tmp'))
  })
  after(async () => {
    await drydock?.[Symbol.asyncDispose]()
    await engine?.[Symbol.asyncDispose]()
  })

  const volume = (Name: string, Labels: Record<string, string>) =>
    engine.docker.createVolume({ Name, Labels })

  async function image(tag: string, label: string): Promise<void> {
    const archive = pack()
    archive.entry({ name: 'file' }, Buffer.alloc(300_000))
    archive.finalize()
    const [repo, name] = tag.split(':')
    const changes = [label === '' ? 'ENV a=b' : `LABEL ${label}`]
    const done = await engine.docker.importImage(archive as never, { repo, tag: name, changes } as never)
    await new Promise((resolve) => engine.docker.modem.followProgress(done as never, resolve))
  }

  /** A workspace that was prepared, with its store, and the marker that names it. */
  async function prepared(name: string): Promise<void> {
    await volume(name, { 'drydock.session': '20200101-000000-before' })
    await volume(`${name}-store`, { 'drydock.session': '20200101-000000-before' })
    const sealed = { 'drydock.volume': name, 'drydock.store': `${name}-store`, 'drydock.key': name }
    await volume(`${name}-seal`, { 'drydock.cache': 'seal', ...sealed })
  }

  async function session(kind: string, id: string): Promise<string> {
    const { events = [], id: before = '' } = fixtureSessions().get(kind) ?? {}
    const folder = join(drydock.home, 'sessions', id)
    await mkdir(join(folder, 'artifacts'), { recursive: true })
    const text = (value: unknown) => `${JSON.stringify(value).replaceAll(before, id)}\n`
    await writeFile(join(folder, 'events.jsonl'), events.map(text).join(''))
    const [created] = events
    await writeFile(join(folder, 'task.json'), created?.type === 'session.created' ? text(created.task) : '')
    return folder
  }

  async function everything() {
    const [{ Volumes }, images] = await Promise.all([engine.docker.listVolumes(), engine.docker.listImages()])
    return [
      ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
      ...images.flatMap(({ RepoTags }) => (RepoTags ?? []).map((tag) => `image ${tag}`)),
      ...(await readdir(join(drydock.home, 'sessions'))).map((id) => `session ${id}`),
      // Beside what it reads the sessions' figures into.
      ...(await readdir(join(drydock.home, 'cache')))
        .filter((name) => name !== 'statistics.json')
        .map((name) => `cache ${name}`),
    ].toSorted()
  }

  it('says what it would free, and with --yes frees exactly that: nothing of a living or a waiting session', async () => {
    const [ended, waiting, living] = [
      '20260101-000000-ended1',
      '20260101-000000-waits1',
      '20260101-000000-lives1',
    ]
    await session('failed', ended)
    await session('review', waiting)
    const holder = spawn(process.execPath, [lockHolder, await session('failed', living)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    await mkdir(join(drydock.home, 'cache', 'packages'), { recursive: true })
    await prepared('old')
    await prepared('held')
    await volume('hold', { 'drydock.session': living, 'drydock.holds': 'held' })
    await volume('of-the-living', { 'drydock.session': living })
    await volume('of-a-home-that-is-gone', { 'drydock.session': '20200101-000000-gone01' })
    await volume('of-somebody-else', { app: 'database' })
    await image('drydock/node-22-run:old', 'drydock.cache=image')
    await image('somebody/else:1', '')
    const before = await everything()
    const env = { DOCKER_HOST: `unix://${engine.socket}`, TMPDIR: join(drydock.home, 'tmp') }
    const flags = ['prune', '--older-than', '2999-01-01', '--caches']
    try {
      const said = await drydock.run(flags, env)
      assert.equal(said.code, 0, said.stderr)
      assert.deepEqual(await everything(), before, 'it only says so')
      for (const named of [ended, 'workspace old', 'image drydock/node-22-run:old', '20200101-000000-gone01'])
        assert.ok(said.stdout.includes(named), `${named}\n${said.stdout}`)
      const stays = /^The caches stay: session \S+lives1 at work uses them\..*\n/m
      assert.match(said.stdout, stays)
      assert.doesNotMatch(
        said.stdout.replace(stays, ''),
        /held|of-the-living|waits1|lives1|somebody|packages/,
      )
      const done = await drydock.run([...flags, '--yes'], env)
      assert.equal(done.code, 0, done.stderr)
      const after = await everything()
      assert.deepEqual(
        before.filter((one) => !after.includes(one)),
        [
          'image drydock/node-22-run:old',
          `session ${ended}`,
          'volume of-a-home-that-is-gone',
          ...['volume old', 'volume old-seal', 'volume old-store'],
        ],
      )
    } finally {
      holder.kill()
    }
    await once(holder, 'exit')
  })

  it('frees caches once no session is at work, and what is used by a container stays and is said', async () => {
    await prepared('used')
    const env = { DOCKER_HOST: `unix://${engine.socket}`, TMPDIR: join(drydock.home, 'tmp') }
    const container = await engine.docker.createContainer({
      Image: 'somebody/else:1',
      Cmd: ['none'],
      HostConfig: { Binds: ['used:/workspace'] },
    })
    const done = await drydock.run(['prune', '--older-than', '2999-01-01', '--caches', '--yes'], env)
    assert.match(done.stdout, /It is in use and stays: used/)
    assert.ok((await everything()).includes('volume used'))
    assert.ok(!(await everything()).some((one) => one.startsWith('cache')))
    await container.remove()
    const wrong = await drydock.run(['prune', '--older-than', 'long'], env)
    assert.match(wrong.stderr, /--older-than takes a date or a span/)
  })
})
