import assert from 'node:assert/strict'
import { join } from 'node:path'
import { isSettled, situationOf } from '../../../../src/contract/states/situation.ts'
import { stateOf } from '../../../../src/contract/states/state.ts'
import { approveCommand } from '../../../../src/runner/commands/approve.ts'
import { isReady } from '../../../../src/runner/commands/fleet/drip.ts'
import { readSession } from '../../../../src/store/session.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { waitingId, waitingSession } from '../../../support/waitingSession.ts'

describe('a word of its own', () => {
  it('approves a session that is here, once and under the rules of publishing, and leaves it to be published', async () => {
    await using folder = await temporaryFolder()
    const { held } = await waitingSession(folder.path)
    await held.release()
    const made = commandContext(folder.path)
    const context = { ...made.context, sessions: join(folder.path, 'sessions') }
    const job = { session: waitingId } as Parameters<typeof isReady>[1]
    await assert.rejects(approveCommand(context, waitingId, { acknowledge: [] }), /warnings-not-acknowledged/)
    assert.equal(await isReady(context, job), false)
    const acknowledge = ['api-removed']
    assert.equal(await approveCommand(context, waitingId, { acknowledge }), 0)
    assert.match(made.said(), /Approved {2}20260102-030405-abc123\nPublish it: drydock publish /)
    const view = await readSession(context.sessions, waitingId)
    assert.deepEqual(view.approval?.acknowledged, acknowledge)
    assert.equal(stateOf(situationOf(view, { settled: isSettled(view) })).name, 'approved')
    assert.equal(await isReady(context, job), true)
    await assert.rejects(
      approveCommand(context, waitingId, { acknowledge }),
      /session-state: .*approved already/,
    )
  })
})
