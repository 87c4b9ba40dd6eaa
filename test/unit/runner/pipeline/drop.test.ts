import assert from 'node:assert/strict'
import { remaining } from '../../../../src/runner/pipeline/drop.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { waitingSession } from '../../../support/waitingSession.ts'

describe('what remains of a patch', () => {
  it('is refused at once where it would be the same again, or no update any more', async () => {
    await using folder = await temporaryFolder()
    const { held } = await waitingSession(folder.path)
    const digest = held.view().patch?.digest ?? ''
    const without = (path: string, hunk?: number) => remaining(held, { digest, dropped: [{ path, hunk }] })
    await assert.rejects(
      without('package-lock.json'),
      /patch-refused: package-lock\.json is written by the package/,
    )
    await assert.rejects(
      without('package-lock.json', 0),
      /patch-refused: .* what is left out of it comes back/,
    )
    await assert.rejects(without('package.json'), /patch-refused: package\.json holds the update itself/)
    const { files } = await without('a.js')
    assert.deepEqual(
      files.map(({ path }) => path),
      ['package-lock.json', 'package.json'],
    )
    await held.release()
  })
})
