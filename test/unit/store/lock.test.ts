import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { DrydockError } from '../../../src/contract/failure.ts'
import { answerControl, requestCancel, requestStatus } from '../../../src/store/control.ts'
import { acquireLock, connectTo, isAlive } from '../../../src/store/lock.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'

const busy = (error: unknown) => error instanceof DrydockError && error.failure.code === 'session-busy'
const holder = join(import.meta.dirname, '../../support/lockHolder.ts')

/** Starts a process that claims the lock; resolves with its first line. */
async function claim(folder: string): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const child = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, said: String(said) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

describe('session lock', function () {
  this.timeout(60_000)

  it('is held by one, told to others, and free again after release', async () => {
    await using folder = await temporaryFolder()
    const deep = join(folder.path, 'x'.repeat(120), '20260102-030405-abc123')
    await mkdir(deep, { recursive: true })
    assert.equal(await isAlive(deep), false)
    const lock = await acquireLock(deep, () => {})
    assert.equal(await isAlive(deep), true)
    await assert.rejects(
      acquireLock(deep, () => {}),
      busy,
    )
    await lock.release()
    assert.equal(await isAlive(deep), false)
    await (await acquireLock(deep, () => {})).release()
    assert.equal((await readdir(deep)).length, 1)
  })

  it('that cannot be seen is not taken for none', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, '20260102-030405-abc123')
    await writeFile(file, 'where a folder should be')
    await assert.rejects(isAlive(file), /bad-log: .* cannot be read/)
    assert.equal(await isAlive(join(folder.path, 'not there')), false)
  })

  it('is taken over from a killed process by exactly one of many claimants', async () => {
    await using folder = await temporaryFolder()
    const first = await claim(folder.path)
    assert.equal(first.said, 'held')
    await end(first.child)
    assert.equal(await isAlive(folder.path), false)
    const claims = await Promise.all(Array.from({ length: 4 }, () => claim(folder.path)))
    const said = claims.map((one) => one.said)
    await Promise.all(claims.map((one) => end(one.child)))
    assert.deepEqual(said.sort(), ['held', ...Array(3).fill('session-busy')])
  })

  it('is taken by exactly one of many claims within a process', async () => {
    await using folder = await temporaryFolder()
    for (let round = 0; round < 20; round += 1) {
      const claims = await Promise.allSettled(
        Array.from({ length: 8 }, () => acquireLock(folder.path, () => {})),
      )
      const won = claims.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      assert.equal(won.length, 1, `round ${round}`)
      await won[0]?.release()
    }
  })
})

describe('control channel', () => {
  it('answers status and cancel, refuses what it does not know, and survives noise', async () => {
    await using folder = await temporaryFolder()
    let cancelling = false
    const control = {
      cancel: () => {
        cancelling = true
      },
      isCancelling: () => cancelling,
    }
    const lock = await acquireLock(folder.path, (socket) => answerControl(socket, control))
    try {
      assert.deepEqual(await requestStatus(folder.path), { pid: process.pid, cancelling: false })
      for (const noise of ['{"v":1,"type":"publish"}\n', 'not json\n', `${'x'.repeat(10_000)}\n`]) {
        const socket = await connectTo(folder.path)
        const closed = once(socket, 'close')
        let text = ''
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        socket.on('error', () => {})
        socket.write(noise)
        await closed
        if (text !== '') assert.equal(JSON.parse(text).ok, false)
      }
      assert.equal(cancelling, false)
      assert.equal(await requestCancel(folder.path), true)
      assert.equal(cancelling, true)
      assert.equal((await requestStatus(folder.path))?.cancelling, true)
    } finally {
      await lock.release()
    }
    assert.equal(await requestCancel(folder.path), false)
    assert.equal(await requestStatus(folder.path), undefined)
  })

  it('outlives whatever a client sends, and one that hangs up before its answer', async function () {
    this.timeout(60_000)
    await using folder = await temporaryFolder()
    const { child, said } = await claim(folder.path)
    assert.equal(said, 'held')
    const known = fc.constantFrom(
      '{"v":1,"type":"status"}\n',
      '{"v":1,"type":"stat',
      '\n',
      '{}\n',
      '\u0000\n',
    )
    const pieces = fc.array(fc.oneof(known, fc.string({ maxLength: 6000, size: 'max' })), { maxLength: 6 })
    const ending = fc.constantFrom('hang up' as const, 'half close' as const, 'wait' as const)
    try {
      // The hang-up alone, often: whether the answer finds the socket closed is a matter of microseconds.
      for (let round = 0; round < 200; round += 1)
        await converse(folder.path, ['{"v":1,"type":"status"}\n'], 'hang up')
      await fc.assert(
        fc.asyncProperty(pieces, ending, async (sent, how) => {
          await converse(folder.path, sent, how)
          assert.equal(child.exitCode, null, 'the runner died')
        }),
        { numRuns: 150 },
      )
      assert.equal((await requestStatus(folder.path))?.pid, child.pid)
    } finally {
      await end(child)
    }
  })
})

/** One connection that sends, and goes as it likes; resolves when it is over. */
async function converse(
  folder: string,
  sent: readonly string[],
  how: 'hang up' | 'half close' | 'wait',
): Promise<void> {
  const [name = ''] = (await readdir(folder)).filter((entry) => entry.startsWith('lock.'))
  const socket = connect(join(folder, name))
  const closed = once(socket, 'close').catch(() => undefined)
  socket.on('error', () => {})
  socket.resume()
  for (const piece of sent) socket.write(piece)
  if (how === 'hang up') socket.once('connect', () => setImmediate(() => socket.destroy()))
  if (how === 'half close') socket.end()
  if (how === 'wait') socket.once('data', () => socket.destroy()).setTimeout(20, () => socket.destroy())
  await closed
}
