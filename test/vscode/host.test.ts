import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { fixtureRepository, type TestRepository } from '../support/repository.ts'
import { launchBrowser } from '../support/vscode/browser.ts'
import { type CodeServer, sharedExtensions, startCodeServer } from '../support/vscode/codeServer.ts'
import { type HostSuite, hostSuite } from '../support/vscode/hostSuite.ts'

/** `suite/host.ts`, whose own tests run in the extension host of a window. */
describe('the suite of the extension host', () => {
  let suite: HostSuite
  let server: CodeServer
  let browser: Browser
  let repository: TestRepository
  before(async () => {
    suite = await hostSuite('host.ts')
    repository = await fixtureRepository('clean-update')
    server = await startCodeServer({ extensions: await sharedExtensions(), env: suite.env })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
    await repository?.[Symbol.asyncDispose]()
    await suite?.[Symbol.asyncDispose]()
  })

  it('passes', async () => {
    const { tests } = await suite.run(browser, server.windowOf(repository.root))
    assert.equal(tests.length, 3)
    assert.deepEqual(
      tests.filter(({ error }) => error !== undefined),
      [],
    )
  })
})
