import assert from 'node:assert/strict'
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Event } from '../../../src/contract/events.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { factsOf } from '../../../src/contract/statistics/facts.ts'
import { readFacts } from '../../../src/store/statistics.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { fillSessions } from '../../support/vscode/manySessions.ts'

describe('the reader of statistics', () => {
  it('reads every session once, what changed anew, and counts a damaged log', async () => {
    await using folder = await temporaryFolder()
    const home = join(folder.path, 'sessions')
    const cache = join(folder.path, 'cache', 'statistics.json')
    await fillSessions(home, 20)
    const [, , , id = ''] = (await readdir(home)).toSorted()
    const log = join(home, id, 'events.jsonl')
    // A time that can be set again: a file system counts finer than a program.
    const time = new Date('2026-01-02T03:04:05.000Z')
    await utimes(log, time, time)
    const first = await readFacts(home, cache)
    assert.deepEqual([first.facts.length, first.damaged], [20, []])
    assert.deepEqual(
      first.facts.map(({ id }) => id),
      first.facts.map(({ id }) => id).toSorted(),
    )
    await writeFile(log, `${'x'.repeat((await stat(log)).size - 1)}\n`)
    await utimes(log, time, time)
    assert.deepEqual(await readFacts(home, cache), first, 'a log of the same size and time is not read again')
    await utimes(log, time, new Date(time.getTime() + 5000))
    const last = await readFacts(home, cache)
    assert.deepEqual([last.facts.length, last.damaged], [19, [id]])
  })

  it('reads the logs again where the kept file is damaged or of another form', async () => {
    await using folder = await temporaryFolder()
    const home = join(folder.path, 'sessions')
    const cache = join(folder.path, 'statistics.json')
    await fillSessions(home, 3)
    const first = await readFacts(home, cache)
    for (const text of ['{', '{"form":0,"kept":[]}', '{"form":3,"kept":[{}]}']) {
      await writeFile(cache, text)
      assert.deepEqual(await readFacts(home, cache), first)
    }
    assert.equal(JSON.parse(await readFile(cache, 'utf8')).kept.length, 3)
  })

  it('reads the logs of every version there was', async () => {
    const golden = join(import.meta.dirname, '../../golden')
    const logs = (await readdir(golden)).filter((name) => name.endsWith('.jsonl'))
    assert.ok(logs.length >= 5)
    for (const name of logs) {
      const lines = (await readFile(join(golden, name), 'utf8')).trimEnd().split('\n')
      const facts = factsOf(sessionView(lines.map((line) => Event.parse(JSON.parse(line)))))
      assert.ok(facts.costUsd >= 0 && facts.workMs >= 0 && facts.outcome !== undefined, name)
    }
  })

  it('finds no session where there is no home', async () => {
    await using folder = await temporaryFolder()
    const { facts } = await readFacts(join(folder.path, 'none'), join(folder.path, 'statistics.json'))
    assert.deepEqual(facts, [])
  })
})
