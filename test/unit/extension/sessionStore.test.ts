import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '../../../src/contract/events.ts'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { reduce } from '../../../src/contract/sessionView.ts'
import { openSessionStore, type SessionStore } from '../../../src/extension/sessions/sessionStore.ts'
import { sessionsHome as runnersHome, sessionsHome } from '../../../src/store/home.ts'
import { createSession, type HeldSession } from '../../../src/store/session.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { SessionLog } from '../../support/panel/log.ts'
import { sessionTask } from '../../support/sessionTask.ts'

const control = { cancel: () => {}, isCancelling: () => false }
const id = (n: number): string =>
  `20261122-1000${String(n).padStart(2, '0')}-abc${String(n).padStart(3, '0')}`

/** Resolves at the first change after which `found` holds. */
function until(store: SessionStore, found: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!found()) return
      listening.dispose()
      resolve()
    }
    const listening = store.onDidChange(look)
    look()
  })
}

describe('extension session store', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let home: string
  let store: SessionStore
  const held: HeldSession[] = []
  beforeEach(async () => {
    folder = await temporaryFolder()
    home = join(folder.path, 'sessions')
    store = openSessionStore({ home, cacheFile: join(folder.path, 'cache.json'), pollMs: 50 })
  })
  afterEach(async () => {
    await store.dispose()
    for (const one of held.splice(0)) await one.release()
    await folder[Symbol.asyncDispose]()
  })
  const create = async (n: number): Promise<HeldSession> => {
    const made = await createSession(home, sessionTask(id(n)), 'drydock/test', { control })
    held.push(made)
    return made
  }

  it('has its home where the command line has it', () => {
    for (const env of [{}, { DRYDOCK_HOME: '/some/where' }, { DRYDOCK_HOME: '' }]) {
      assert.equal(sessionsHome(env), runnersHome(env))
    }
  })

  it('shows a session that another process starts, its stage, and its end', async () => {
    const session = await create(1)
    await until(store, () => store.list()[0]?.state === 'running')
    session.log.emit({ type: 'stage.started', stage: 'verify', role: 'base' })
    await until(store, () => store.list()[0]?.stage === 'Build, test, lint: as it is')
    session.log.emit({ type: 'session.finished', outcome: 'up-to-date', reason: 'Nothing to do.' })
    await until(store, () => store.list()[0]?.state === 'done')
    assert.equal(store.list()[0]?.reason, 'Nothing to do.')
  })

  it('shows a session whose runner died as interrupted', async () => {
    const session = await create(2)
    session.log.emit({ type: 'stage.started', stage: 'repair', attempt: 1 })
    await until(store, () => store.list()[0]?.stage === 'Repair, attempt 1')
    held.splice(0)
    await session.release()
    await until(store, () => store.list()[0]?.state === 'interrupted')
    assert.equal(store.list()[0]?.stage, null)
    assert.equal((await store.load(id(2))).alive, false)
  })

  it('gives a follower the log from its start, then what comes', async () => {
    const session = await create(3)
    session.log.emit({ type: 'stage.started', stage: 'package' })
    const types: string[] = []
    let view: SessionView | undefined
    let wanted: { types: string; resolve: () => void } | undefined
    const onEvents = (events: readonly Event[], fromStart: boolean): void => {
      if (fromStart) view = undefined
      for (const event of events) view = reduce(view, event)
      types.push(...events.map(({ type }) => type))
      if (wanted?.types === types.join()) wanted.resolve()
    }
    const seen = (list: string) =>
      new Promise<void>((resolve) => {
        wanted = { types: list, resolve }
        if (types.join() === list) resolve()
      })
    const following = store.follow(id(3), onEvents)
    await seen('session.created,stage.started')
    session.log.emit({ type: 'stage.finished', stage: 'package', status: 'ok', durationMs: 1 })
    await seen('session.created,stage.started,stage.finished')
    assert.deepEqual(store.view(id(3)), view)
    following.dispose()
  })

  it('tells a follower whether more of the log is there already, a torn last line left out', async () => {
    const log = new SessionLog(id(8))
    for (let done = 1; log.text.length < 1_200_000; done += 1000)
      for (let at = 0; at < 1000; at += 1)
        log.emit({ type: 'stage.progress', stage: 'verify', message: 'x'.repeat(200), done: done + at })
    await mkdir(join(home, id(8)), { recursive: true })
    await writeFile(join(home, id(8), 'events.jsonl'), `${log.text}{"v":1,"seq":`)
    const told: boolean[] = []
    let events = 0
    await new Promise<void>((resolve, reject) => {
      const following = store.follow(
        id(8),
        (batch, _, more) => {
          told.push(more)
          events += batch.length
          if (more) return
          following.dispose()
          resolve()
        },
        reject,
      )
    })
    assert.equal(events, log.events.length)
    assert.ok(told.length > 2)
    assert.deepEqual(told, [...told.slice(1).map(() => true), false])
  })

  it('has the sessions that an earlier start kept before any log is looked at', async () => {
    const session = await create(9)
    session.log.emit({ type: 'session.finished', outcome: 'cancelled', reason: 'Asked to.' })
    await until(store, () => store.list()[0]?.state === 'done')
    await store.refresh()
    await store.dispose()
    session.log.emit({ type: 'session.finished', outcome: 'rejected', reason: 'Looked at again.' })
    store = openSessionStore({ home, cacheFile: join(folder.path, 'cache.json'), pollMs: 50 })
    await store.begun
    assert.equal(store.list()[0]?.outcome, 'cancelled')
    await store.ready
    assert.equal(store.list()[0]?.outcome, 'rejected')
  })

  it('has begun where there is no session at all', async () => {
    await store.begun
    assert.deepEqual(store.list(), [])
  })

  it('reads a settled session from what an earlier start kept, and a changed one anew', async () => {
    const session = await create(4)
    session.log.emit({ type: 'session.finished', outcome: 'cancelled', reason: 'Asked to.' })
    await until(store, () => store.list()[0]?.state === 'done')
    await store.refresh()
    await store.dispose()
    const task = (await store.load(id(4))).task
    session.log.emit({ type: 'session.finished', outcome: 'rejected', reason: 'Looked at again.' })
    store = openSessionStore({ home, cacheFile: join(folder.path, 'cache.json'), pollMs: 50 })
    await store.ready
    assert.equal(store.list()[0]?.outcome, 'rejected')
    assert.equal(task.id, id(4))
  })

  it('shows a damaged log as damaged, next to the others', async () => {
    const session = await create(5)
    session.log.emit({ type: 'session.finished', outcome: 'cancelled', reason: 'Asked to.' })
    await mkdir(join(home, id(6)), { recursive: true })
    await writeFile(join(home, id(6), 'events.jsonl'), '{"no":"event"}\n')
    await until(store, () => store.list().length === 2 && store.list()[1]?.state === 'done')
    assert.deepEqual(
      store.list().map(({ state }) => state),
      ['damaged', 'done'],
    )
  })

  it('takes no id that leaves its home, and removes no session at work', async () => {
    await assert.rejects(store.artifact('../x', 'a'.repeat(64)), { name: 'DrydockError' })
    await assert.rejects(store.load('..'), { name: 'DrydockError' })
    const session = await create(7)
    await until(store, () => store.list().length === 1)
    await assert.rejects(store.remove(id(7)), /session-busy/)
    held.splice(0)
    await session.release()
    await store.remove(id(7))
    assert.deepEqual(store.list(), [])
  })
})
