import assert from 'node:assert/strict'
import { setup } from '../../../../src/runner/commands/setup.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'

describe('drydock setup', () => {
  for (const flags of [
    { node: ['abc'], jdk: [] },
    { node: [], jdk: ['1.8'] },
  ])
    it(`refuses what is no major, before any engine is asked: ${JSON.stringify(flags)}`, async () => {
      await using home = await temporaryFolder()
      const { context } = commandContext(home.path, { DOCKER_HOST: 'unix:///no/such' })
      await assert.rejects(setup(context, flags), /bad-usage: --(node|jdk) takes majors, .* not "(abc|1\.8)"/)
    })
})
