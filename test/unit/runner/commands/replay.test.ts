import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandContext } from '../../../../src/runner/commands/context.ts'
import { replay } from '../../../../src/runner/commands/replay.ts'
import { colors } from '../../../../src/runner/terminal/colors.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { fillSessions } from '../../../support/vscode/manySessions.ts'

function contextOf(sessions: string, signal: AbortSignal) {
  const lines: string[] = []
  const stdout = { write: (text: string) => lines.push(text) }
  return { lines, context: { sessions, signal, stdout, colors: colors(false) } as unknown as CommandContext }
}

describe('drydock replay', () => {
  it('prints the log with the pauses it had, so many times as fast, and ends when it is told to', async () => {
    await using folder = await temporaryFolder()
    const sessions = join(folder.path, 'sessions')
    await fillSessions(sessions, 1)
    const [id = ''] = await readdir(sessions)
    const stop = new AbortController()
    const whole = contextOf(sessions, stop.signal)
    await replay(whole.context, id, {})
    const paced = contextOf(sessions, stop.signal)
    const started = performance.now()
    // The session took seconds: a hundredth of them is to be felt.
    await replay(paced.context, id, { speed: 100 })
    assert.ok(performance.now() - started > 50)
    assert.deepEqual(paced.lines, whole.lines)
    assert.ok(whole.lines.length > 10)
    const slow = contextOf(sessions, stop.signal)
    const ended = replay(slow.context, id, { speed: 0.0001 })
    stop.abort(new Error('enough'))
    await assert.rejects(ended, /enough/)
    assert.ok(slow.lines.length < whole.lines.length)
  })
})
