import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { fixtureRepository, type TestRepository } from '../support/repository.ts'
import { launchBrowser } from '../support/vscode/browser.ts'
import { type CodeServer, ROOT, sharedExtensions, startCodeServer } from '../support/vscode/codeServer.ts'
import { openWindow } from '../support/vscode/window.ts'

describe('the packaged extension in a VS Code that has nothing else', () => {
  let server: CodeServer
  let browser: Browser
  let repository: TestRepository
  before(async () => {
    repository = await fixtureRepository('clean-update')
    server = await startCodeServer({ extensions: await sharedExtensions() })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
    await repository?.[Symbol.asyncDispose]()
  })

  it('offers every command of the manifest in the palette that can act where there is no session', async () => {
    await using window = await openWindow(browser, server.windowOf(repository.root))
    const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    const hidden = new Set(
      manifest.contributes.menus.commandPalette.map((entry: { command: string }) => entry.command),
    )
    interface Command {
      readonly command: string
      readonly title: { readonly value: string }
      readonly enablement: string
    }
    const offered = (manifest.contributes.commands as Command[]).filter(({ command }) => !hidden.has(command))
    const shown = ({ title }: Command) => `Agent: ${title.value}`
    const wanted = offered.filter(({ enablement }) => enablement === 'isWorkspaceTrusted').map(shown)
    assert.ok(wanted.length > 5 && wanted.length < offered.length)
    const titles = await window.palette('Agent: ')
    assert.deepEqual(titles.filter((title) => offered.map(shown).includes(title)).sort(), wanted.sort())
  })
})
