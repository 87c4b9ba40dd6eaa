import assert from 'node:assert/strict'
import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Event, EventBody } from '../../../src/contract/events.ts'
import { DrydockError } from '../../../src/contract/failure.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { newSessionId, sessionsHome } from '../../../src/store/home.ts'
import { sessionNamed } from '../../../src/store/named.ts'
import { followEvents, readEvents } from '../../../src/store/read.ts'
import { redact } from '../../../src/store/redact.ts'
import { createSession, holdSession, listSessions, readSession, recover } from '../../../src/store/session.ts'
import { openLog } from '../../../src/store/write.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { sessionTask } from '../../support/sessionTask.ts'
import { smallDisk } from '../../support/smallDisk.ts'

const coded = (code: string) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === code
const id = '20260102-030405-abc123'
const control = { cancel: () => {}, isCancelling: () => false }
const progress = (message: string): EventBody => ({ type: 'stage.progress', stage: 'package', message })
const started: EventBody = { type: 'stage.started', stage: 'verify', role: 'update' }

describe('sessionsHome', () => {
  it('is beneath DRYDOCK_HOME where that is set', () => {
    assert.equal(sessionsHome({ DRYDOCK_HOME: '/x/y' }), join('/x/y', 'sessions'))
    assert.match(sessionsHome({}), /drydock.*sessions$/)
  })

  it('names sessions by their UTC time', () => {
    assert.match(newSessionId(new Date('2026-01-02T03:04:05.678Z')), /^20260102-030405-[0-9a-z]{6}$/)
  })
})

describe('session log', () => {
  it('opens to its last whole event, at whichever byte it was cut', async () => {
    await using folder = await temporaryFolder()
    const log = openLog({ folder: folder.path })
    for (const body of [started, progress('ä\n"one"'), progress('two'), progress('€')]) log.emit(body)
    await log.close()
    const file = join(folder.path, 'events.jsonl')
    const whole = await readFile(file)
    const events = await readEvents(folder.path)
    for (let size = 0; size <= whole.length; size += 1) {
      const cut = whole.subarray(0, size)
      await writeFile(file, cut)
      const ends = cut.filter((byte) => byte === 10).length
      assert.deepEqual(await readEvents(folder.path), events.slice(0, ends), `${size} bytes`)
      const again = openLog({ folder: folder.path })
      assert.deepEqual(again.events, events.slice(0, ends), `${size} bytes, by its writer`)
      await again.close()
    }
  })

  it('numbers and stamps events, continues after reopening, and cuts a torn line', async () => {
    await using folder = await temporaryFolder()
    const log = openLog({ folder: folder.path })
    log.emit(started)
    log.emit(progress('one\nline'))
    await log.close()
    await appendFile(join(folder.path, 'events.jsonl'), '{"v":1,"seq":3,"ti')
    assert.equal((await readEvents(folder.path)).length, 2)
    const again = openLog({ folder: folder.path })
    assert.equal(again.events.length, 2)
    again.emit(progress('two'))
    await again.close()
    const events = await readEvents(folder.path)
    assert.deepEqual(
      events.map((event) => event.seq),
      [1, 2, 3],
    )
    for (const event of events) assert.match(event.time, /^\d{4}-\d\d-\d\dT.*Z$/)
  })

  it('refuses a log with a bad line or a gap', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'events.jsonl')
    const log = openLog({ folder: folder.path })
    for (const message of ['a', 'b', 'c']) log.emit(progress(message))
    await log.close()
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    for (const damaged of [
      [lines[0], 'garbage', lines[2]],
      [lines[0], lines[2]],
      [lines[0], '{"v":2}'],
    ]) {
      await writeFile(file, `${damaged.join('\n')}\n`)
      await assert.rejects(readEvents(folder.path), coded('bad-log'))
      assert.throws(() => openLog({ folder: folder.path }), coded('bad-log'))
    }
  })

  it('tells of an event that is none, once, and keeps the log whole', async () => {
    await using folder = await temporaryFolder()
    const told: string[] = []
    const log = openLog({ folder: folder.path, onFailure: ({ failure }) => told.push(failure.code) })
    log.emit(started)
    log.emit({ type: 'stage.progress' } as EventBody)
    log.emit(started)
    await log.close()
    assert.deepEqual(told, ['internal'])
    assert.equal((await readEvents(folder.path)).length, 1)
  })

  it('that is there and cannot be read is no empty one', async () => {
    await using folder = await temporaryFolder()
    assert.deepEqual(await readEvents(join(folder.path, 'not there')), [])
    await mkdir(join(folder.path, 'events.jsonl'))
    await assert.rejects(readEvents(folder.path), /bad-log: .*events\.jsonl cannot be read/)
  })

  it('follows a log that another writes', async () => {
    await using folder = await temporaryFolder()
    const log = openLog({ folder: folder.path })
    log.emit(progress('0'))
    const abort = new AbortController()
    const seen: number[] = []
    for await (const event of followEvents(folder.path, { signal: abort.signal })) {
      seen.push(event.seq)
      if (event.seq === 50) abort.abort()
      else log.emit(progress(String(event.seq)))
    }
    await log.close()
    assert.deepEqual(
      seen,
      Array.from({ length: 50 }, (_, at) => at + 1),
    )
  })

  it('is valid on a full disk, says so, and still takes the last event', async function () {
    await using folder = await temporaryFolder()
    await using _ = await smallDisk(this, folder.path, '256k')
    const told: string[] = []
    const onFailure = ({ failure }: DrydockError) => told.push(failure.code)
    const held = await createSession(join(folder.path, 'sessions'), sessionTask(id), 'test', {
      control,
      onFailure,
    })
    for (let at = 0; at < 400; at += 1) held.log.emit(progress('x'.repeat(1000)))
    assert.deepEqual(told, ['disk-full'])
    await assert.rejects(held.log.artifacts.put(Buffer.alloc(300_000, 1)), coded('disk-full'))
    await assert.rejects(writeFile(join(folder.path, 'filler'), Buffer.alloc(300_000, 1)))
    held.log.emit({ type: 'session.finished', outcome: 'setup-failed', reason: 'full '.repeat(2000) })
    await held.release()
    const view = await readSession(join(folder.path, 'sessions'), id)
    assert.equal(view.outcome, 'setup-failed')
  })
})

describe('redaction', () => {
  const secret = 'sk-test/+?"\\ äö secret 0123456789'

  it('finds a secret in every form and leaves none in events or artifacts', async () => {
    await using folder = await temporaryFolder()
    const log = openLog({ folder: folder.path, secrets: [secret] })
    log.conceal('second-secret-value')
    const forms = [0, 1, 2, 3].map((pad) => Buffer.from(`${'x'.repeat(pad)}${secret}y`).toString('base64'))
    const text = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...forms].join(
      ' | ',
    )
    log.emit(progress(`${text} second-secret-value`))
    const digest = await log.artifacts.put(`${text}\n`)
    const bytes =
      (await log.artifacts.get(digest)).toString('latin1') +
      (await readFile(join(folder.path, 'events.jsonl'), 'latin1'))
    await log.close()
    const needles = [
      secret.slice(0, 8),
      '0123456789',
      'second-secret',
      Buffer.from(secret).toString('hex').slice(0, 16),
    ]
    for (const needle of [...needles, ...forms.map((form) => form.slice(8, 24))])
      assert.ok(!bytes.includes(needle), needle)
  })

  it('leaves nothing of a random secret at any base64 offset, and ordinary bytes alone', async () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 12, maxLength: 60 }),
        fc.string(),
        fc.nat(5),
        (value, around, pad) => {
          const encoded = Buffer.from('p'.repeat(pad) + value + around).toString('base64')
          const clean = redact(encoded, [value])
          assert.ok(!Buffer.from(clean, 'base64').includes(Buffer.from(value)))
          assert.ok(!redact(`${around}${value}${around}`, [value]).includes(value))
        },
      ),
    )
    await using folder = await temporaryFolder()
    const log = openLog({ folder: folder.path, secrets: [secret] })
    const binary = gzipSync(Buffer.from('some bytes'))
    assert.deepEqual(await log.artifacts.get(await log.artifacts.put(binary)), binary)
    await log.close()
  })
})

describe('sessions', () => {
  it('are created with their lock, listed newest first, and read', async () => {
    await using folder = await temporaryFolder()
    const home = join(folder.path, 'sessions')
    const held = await createSession(home, sessionTask(id), 'test 1', {
      control,
      secrets: ['hunter2hunter2'],
    })
    assert.equal((await stat(held.folder)).mode & 0o777, 0o700)
    assert.equal((await readSession(home, id)).alive, true)
    await assert.rejects(holdSession(home, id, { control }), coded('session-busy'))
    await held.release()
    const second = '20260203-030405-abc123'
    await (await createSession(home, sessionTask(second), 'test 1', { control })).release()
    await mkdir(join(home, '20260304-030405-abc123'))
    assert.deepEqual(await listSessions(home), [second, id])
    assert.equal((await readSession(home, id)).alive, false)
    for (const bad of ['../x', '20260304-030405-abc123', 'nope']) {
      await assert.rejects(readSession(home, bad), coded('no-such-session'))
    }
  })

  it('that died become interrupted and say where; others stay as they are', async () => {
    await using folder = await temporaryFolder()
    const home = join(folder.path, 'sessions')
    const held = await createSession(home, sessionTask(id), 'test 1', { control })
    held.log.emit(started)
    assert.equal(await recover(home, id, 'test 1'), 'alive')
    await held.release()
    assert.equal(await recover(home, id, 'test 1'), 'interrupted')
    const view = await readSession(home, id)
    assert.equal(view.outcome, 'interrupted')
    assert.match(view.reason ?? '', /verify \(update\)/)
    assert.equal(view.stages[0]?.status, 'interrupted')
    assert.equal(await recover(home, id, 'test 1'), 'finished')
  })

  it('that died while publishing keep their outcome, and the stage failed', async () => {
    await using folder = await temporaryFolder()
    const home = join(folder.path, 'sessions')
    const held = await createSession(home, sessionTask(id), 'test 1', { control })
    held.log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: 'done' })
    held.log.emit({ type: 'stage.started', stage: 'publish' })
    await held.release()
    assert.equal(await recover(home, id, 'test 1'), 'interrupted')
    const view = await readSession(home, id)
    assert.deepEqual([view.outcome, view.stages.at(-1)?.status], ['awaiting-review', 'failed'])
  })

  it('that died in the check of what a reviewer left wait for review again', async () => {
    await using folder = await temporaryFolder()
    const home = join(folder.path, 'sessions')
    const held = await createSession(home, sessionTask(id), 'test 1', { control })
    held.log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: 'done' })
    held.log.emit({ type: 'stage.started', stage: 'verify', role: 'dropped' })
    held.log.emit({ type: 'stage.finished', stage: 'verify', role: 'dropped', status: 'ok', durationMs: 1 })
    await held.release()
    assert.equal(await recover(home, id, 'test 1'), 'interrupted')
    const events = await readEvents(join(home, id))
    assert.equal(events.at(-1)?.type, 'session.finished')
    const view = sessionView(events)
    assert.deepEqual(
      [view.outcome, view.reason],
      ['awaiting-review', 'The runner ended in the middle of a check.'],
    )
    assert.equal(await recover(home, id, 'test 1'), 'finished')
  })

  it('are recovered by one of many at a time', async () => {
    await using folder = await temporaryFolder()
    const home = join(folder.path, 'sessions')
    await (await createSession(home, sessionTask(id), 'test 1', { control })).release()
    await Promise.allSettled(Array.from({ length: 8 }, () => recover(home, id, 'test 1')))
    const events: readonly Event[] = await readEvents(join(home, id))
    assert.equal(events.filter((event) => event.type === 'session.finished').length, 1)
    assert.equal(sessionView(events).outcome, 'interrupted')
    assert.deepEqual(
      (await readdir(join(home, id))).filter((name) => name.startsWith('claim')),
      [],
    )
  })
})

describe('a session that a person names', () => {
  const ids = ['20260102-030405-abc123', '20260102-030405-abd456', '20260203-040506-xyz789']

  it('is the only one whose id, or whose last part, begins so', async () => {
    await using folder = await temporaryFolder()
    const home = join(folder.path, 'sessions')
    const control = { cancel: () => {}, isCancelling: () => false }
    for (const id of ids)
      await (await createSession(home, sessionTask(id), 'drydock/test', { control })).release()
    assert.equal(await sessionNamed(home, 'xyz'), ids[2])
    assert.equal(await sessionNamed(home, 'abd456'), ids[1])
    assert.equal(await sessionNamed(home, '20260203'), ids[2])
    // A whole id is taken as it is: whoever uses it says whether it is there.
    assert.equal(await sessionNamed(home, '20270101-000000-aaaaaa'), '20270101-000000-aaaaaa')
    await assert.rejects(sessionNamed(home, 'ab'), /bad-usage: "ab" could be 2 sessions: .*abd456, .*abc123/)
    for (const text of ['', 'nothing', '../..'])
      await assert.rejects(sessionNamed(home, text), /no-such-session/)
  })
})
