import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { checkout } from '../../../../src/runner/commands/checkout.ts'
import { publishCommand } from '../../../../src/runner/commands/publish.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'
import { waitingId, waitingSession } from '../../../support/waitingSession.ts'

describe('a session whose base commit its repository does not have any more', () => {
  for (const [what, run] of [
    ['checked out', (context) => checkout(context, waitingId, {})],
    [
      'looked at before it is published',
      (context) => publishCommand(context, waitingId, { preview: true, acknowledge: [] }),
    ],
  ] as readonly (readonly [
    string,
    (context: ReturnType<typeof commandContext>['context']) => Promise<unknown>,
  ])[])
    it(`is not ${what}, and says why`, async () => {
      await using folder = await temporaryFolder()
      const { held, root } = await waitingSession(folder.path)
      await held.release()
      await rm(root, { recursive: true })
      await makeRepository(root, { 'b.js': 'another history\n' })
      const error = await run(commandContext(folder.path).context).catch((thrown: unknown) => thrown)
      assert.ok(error instanceof DrydockError, String(error))
      assert.deepEqual(
        [error.failure.code, /which is not in /.test(error.failure.message)],
        ['session-state', true],
        error.message,
      )
    })
})
