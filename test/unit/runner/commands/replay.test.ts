import assert from 'node:assert/strict'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandContext } from '../../../../src/runner/commands/context.ts'
import { replay } from '../../../../src/runner/commands/replay.ts'
import { colors } from '../../../../src/runner/terminal/colors.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { fixtureSessions } from '../../../support/panel/sessions.ts'
import { fillSessions } from '../../../support/vscode/manySessions.ts'

function contextOf(sessions: string, signal: AbortSignal) {
  const lines: string[] = []
  const stdout = { write: (text: string) => lines.push(text) }
  return { lines, context: { sessions, signal, stdout, colors: colors(false) } as unknown as CommandContext }
}

async function waitingSessionIn(sessions: string): Promise<string> {
  const log = fixtureSessions().get('review')
  assert.ok(log !== undefined)
  const folder = join(sessions, log.id)
  await mkdir(join(folder, 'artifacts'), { recursive: true })
  const created = log.events[0]
  assert.ok(created?.type === 'session.created')
  await writeFile(join(folder, 'task.json'), JSON.stringify(created.task))
  await writeFile(join(folder, 'events.jsonl'), log.text)
  for (const [digest, bytes] of log.artifacts) await writeFile(join(folder, 'artifacts', digest), bytes)
  return log.id
}

describe('drydock replay', () => {
  it('prints the exact request and reply of one turn, to read or as JSON; says where it has none', async () => {
    await using folder = await temporaryFolder()
    const id = await waitingSessionIn(folder.path)
    const { lines, context } = contextOf(folder.path, new AbortController().signal)
    await replay(context, id, { turn: '1.2' })
    const text = lines.join('')
    assert.match(text, /── Request: parameters ──\n\{\n {2}"model": "claude-sonnet-5-5"/)
    assert.match(text, /── Request: message 1, user ──\nUpdate @acme\/http-client.+\n\nMend what breaks\./)
    assert.ok(text.indexOf('── Reply ──') > text.indexOf('── Request: message 3, user ──'))
    await replay(context, id, { turn: '2', json: true })
    const whole = JSON.parse(lines.at(-1) ?? '')
    assert.deepEqual(Object.keys(whole.request), ['model', 'max_tokens', 'system', 'tools', 'messages'])
    assert.equal(whole.request.messages.length, 3)
    assert.equal(whole.reply.stop_reason, 'tool_use')
    const refused = (turn: string) => async () => await replay(context, id, { turn })
    await assert.rejects(refused('1.1'), /kept no request and reply of turn 1 in attempt 1/)
    await assert.rejects(refused('7.1'), /has no turn 1 in attempt 7/)
    await assert.rejects(refused('x'), /--turn x is no attempt and turn/)
    const [kept = ''] =
      fixtureSessions()
        .get('review')
        ?.events.flatMap((event) => (event.type === 'agent.turn' ? (event.exchange ?? []) : [])) ?? []
    await rm(join(folder.path, id, 'artifacts', kept))
    await assert.rejects(refused('1.2'), /is damaged/)
  })

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
