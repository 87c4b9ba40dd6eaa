import assert from 'node:assert/strict'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { openEventLog } from '../../../src/store/eventLog.ts'
import { readEvents } from '../../../src/store/read.ts'
import { openLog } from '../../../src/store/write.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'

const fixture = join(import.meta.dirname, '../../fixtures/sessions/not-verified.jsonl')

/** The first lines of a session's log: few bytes, so that each may be the last. */
async function firstLines(count: number): Promise<Buffer> {
  const lines = (await readFile(fixture, 'utf8')).split('\n').slice(0, count)
  return Buffer.from(`${lines.join('\n')}\n`)
}

describe('a log that is cut', () => {
  it('opens to its last whole event, at every byte', async () => {
    await using place = await temporaryFolder()
    const bytes = await firstLines(8)
    const folder = join(place.path, 'session')
    await mkdir(folder)
    const file = join(folder, 'events.jsonl')
    for (let length = 0; length <= bytes.length; length += 1) {
      const cut = bytes.subarray(0, length)
      await writeFile(file, cut)
      const events = await readEvents(folder)
      assert.equal(events.length, cut.toString('latin1').split('\n').length - 1, `${length}`)
      if (events.length > 0) assert.equal(sessionView(events).id, '20260304-090000-aaaaa5', `${length}`)
    }
  })

  it('is gone on with from there by its next writer, at every byte about the ends of two lines', async () => {
    await using place = await temporaryFolder()
    const bytes = await firstLines(2)
    const first = bytes.indexOf(10) + 1
    // A line's end is what counts: the long middle of the first one is like its beginning.
    const cuts = Array.from({ length: bytes.length + 1 }, (_, at) => at).filter(
      (at) => at < 20 || at > first - 20,
    )
    for (const length of cuts) {
      const folder = join(place.path, String(length))
      await mkdir(folder)
      await writeFile(join(folder, 'events.jsonl'), bytes.subarray(0, length))
      const log = openLog({ folder })
      const whole = log.events.length
      log.emit({ type: 'stage.started', stage: 'package' })
      await log.close()
      assert.equal((await readEvents(folder)).length, whole + 1, `${length}`)
    }
  })
})

describe('a log that is fetched anew', () => {
  it('is read from its beginning, although it is no shorter than before', async () => {
    await using place = await temporaryFolder()
    const file = join(place.path, 'events.jsonl')
    await writeFile(file, await firstLines(3))
    const log = openEventLog(place.path)
    const told: (readonly [number, boolean])[] = []
    const read = () => log.read((events, fromStart) => void told.push([events.length, fromStart]))
    await read()
    await writeFile(join(place.path, 'new'), await firstLines(5))
    await rename(join(place.path, 'new'), file)
    await read()
    assert.deepEqual(told, [
      [3, true],
      [5, true],
    ])
  })
})
