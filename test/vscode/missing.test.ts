import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from '../support/repository.ts'
import { followsLooks } from '../support/vscode/blackBox.ts'
import { sharedExtensions, startCodeServer } from '../support/vscode/codeServer.ts'
import { type EditorWindow, openWindow } from '../support/vscode/window.ts'
import { modelKey, openWorld, type World } from '../support/vscode/world.ts'

/** On Linux, and where this machine is itself a container. */
const advice = /install Docker Engine or Podman|Mount the socket of an engine/

/** What a person lacks is said before it hurts, and mended where it is said. */
describe('what is missing', () => {
  let world: World
  let window: EditorWindow
  before(async () => {
    world = await openWorld({ fixture: 'breaking-update', settings: followsLooks })
    window = await world.open()
  })
  after(async () => {
    await window?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  const said = (within: EditorWindow, text: string) =>
    within.page.locator('.notification-list-item', { hasText: text })

  it('no folder: offers to open one', async () => {
    await using empty = await world.openEmpty()
    // Whoever knows the product's name alone finds its commands.
    await empty.openPalette('drydock update dep', 'Agent: Update Dependency')
    await empty.dismiss()
    await empty.run('Agent: Update Dependency…')
    const told = said(empty, 'No folder is open.')
    await told.getByText('Open Folder').waitFor()
    await empty.picture('missing-folder')
  })

  it('no git: offers to make a repository of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-bare-'))
    try {
      await using bare = await world.open(folder)
      await bare.run('Agent: Update Dependency…')
      const told = said(bare, 'is not inside a git repository')
      await told.getByText('Initialize Repository').waitFor()
      assert.doesNotMatch(await told.innerText(), /git init|--repo/)
      await bare.picture('missing-git')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('no remote, no key: said first, and the same session goes on once there is a key', async () => {
    const remote = await git(world.root, 'remote', 'get-url', 'origin')
    await git(world.root, 'remote', 'remove', 'origin')
    await begin()
    await window.rows.filter({ hasText: 'has no remote' }).waitFor()
    await window.rows.filter({ hasText: 'will need one' }).waitFor()
    await window.picture('missing-remote-and-key')
    await window.dismiss()
    await git(world.root, 'remote', 'add', 'origin', remote)
    await begin()
    await window.choose('Start anyway')
    const lacks = await world.until('in want of a key', ({ name }) => name === 'needs-key')
    await window.review.getByText('Needs a repair, no key').first().waitFor()
    await window.picture('missing-key')
    await window.review.getByText('Set key and go on').click()
    await window.reply('Set API Key', modelKey)
    const waiting = await world.until('waiting for review', ({ name }) => name === 'ready')
    assert.deepEqual([waiting.id, waiting.turns > 0], [lacks.id, true])
    const again = waiting.stages.filter(({ startedAt }) => startedAt > lacks.updatedAt)
    assert.ok(again.every(({ name, cached }) => name !== 'prepare' || cached))
    await window.review.getByText('Ready to approve').first().waitFor()
    await window.picture('went-on')
  })

  it('a sign-in that is cancelled: silent, and the session waits on', async () => {
    await window.review.locator('vscode-button.approve[aria-disabled="false"]').click()
    await window.confirm('Cancel')
    await window.review.locator('vscode-button.approve[aria-disabled="false"]').waitFor()
    assert.equal(await window.review.locator('[role="alert"]').count(), 0)
    await window.picture('sign-in-cancelled')
    assert.equal(world.store.list()[0]?.state, 'waiting')
  })

  it('no engine: what to install is said and linked, before a session starts and by the doctor', async () => {
    await using server = await startCodeServer({
      extensions: await sharedExtensions(),
      settings: followsLooks,
      env: { DRYDOCK_HOME: world.home, DOCKER_HOST: `unix://${world.home}/no.sock` },
    })
    await using without = await openWindow(world.browser, server.windowOf(world.root))
    await begin(without)
    const lack = without.rows.filter({ hasText: 'No container engine answers' })
    await lack.filter({ hasText: 'How to Install One' }).waitFor()
    assert.match(await lack.innerText(), advice)
    await without.picture('missing-engine')
    // A click leads to the page for this system, by the editor's own question.
    await without.choose('How to Install One')
    await without.dialog.getByText('https://docs.docker.com/engine/install/').waitFor()
    await without.confirm('Cancel')
    await without.question('Before It Starts').waitFor()
    await without.dismiss()
    await without.run('Agent: Doctor')
    const told = said(without, 'No container engine answers')
    await told.getByText('How to Install One').waitFor()
    assert.match(await told.innerText(), advice)
    await without.review.getByText('Not ready').waitFor()
    await without.picture('missing-engine-doctor')
  })

  async function begin(within = window): Promise<void> {
    await within.ask('Agent: Update Dependency…', 'Update Dependency')
    await within.input.fill('uuid@9')
    await within.choose('Update uuid to 9')
    await within.question('Before It Starts').waitFor()
  }
})
