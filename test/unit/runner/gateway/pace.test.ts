import { deepEqual, equal, rejects } from 'node:assert/strict'
import { awaitTurn, type Pace, paceHere } from '../../../../src/runner/gateway/pace.ts'

const never = new AbortController().signal

describe('the pace of one process', () => {
  it('gives places evenly, so that no minute has more', async () => {
    const pace = paceHere(60, () => 10_000)
    const waits: number[] = []
    for (let at = 0; at < 3; at += 1) waits.push((await pace.place()).waitMs)
    deepEqual(waits, [0, 1000, 2000])
  })

  it('begins the row anew where somebody is told to wait', async () => {
    let now = 10_000
    const pace = paceHere(60, () => now)
    const [first, second] = [await pace.place(), await pace.place()]
    equal(await pace.take(first), true)
    await pace.hold(5000)
    now += 1000
    equal(await pace.take(second), false)
    await pace.hold(100)
    deepEqual([(await pace.place()).waitMs, (await pace.place()).waitMs], [4000, 5000])
  })

  it("tells the server's word from the places before, whenever somebody asks", async () => {
    let now = 10_000
    const pace = paceHere(60, () => now)
    await pace.take(await pace.place())
    equal((await pace.place()).held, false)
    await pace.hold(5000)
    // Somebody who comes after the hold was set waits for it as much as one whose place it voided.
    equal((await pace.place()).held, true)
    now += 5000
    equal((await pace.place()).held, false)
  })

  it('paces nobody where no limit is set and nobody was told to wait', async () => {
    const pace = paceHere(undefined, () => 10_000)
    deepEqual([(await pace.place()).waitMs, (await pace.place()).waitMs], [0, 0])
  })

  it('says why one waits, once for each wait, and waits no longer than its signal', async () => {
    const said: (readonly [string, number])[] = []
    const waits = [
      { waitMs: 0, held: false, holds: 0 },
      { waitMs: 1200, held: true, holds: 1 },
    ]
    let taken = 0
    const pace: Pace = {
      requestsPerMinute: 30,
      place: async () => waits.shift() ?? { waitMs: 60_000, held: false, holds: 2 },
      take: async () => ++taken > 1,
      hold: async () => {},
    }
    await awaitTurn(pace, never, (...told) => said.push(told))
    deepEqual(said, [['another session was told to wait', 1200]])
    const abort = new AbortController()
    const waiting = awaitTurn(pace, abort.signal, (...told) => {
      said.push(told)
      abort.abort(new Error('enough'))
    })
    await rejects(waiting, /abort/i)
    deepEqual(said.at(-1), ['all sessions together ask 30 times a minute at most', 60_000])
  })
})
