import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { openPanelServer, type PanelServer } from '../../../scripts/dev/panelServer.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

/** Data of the next event of that name. */
async function nextEvent(stream: IncomingMessage, name: string): Promise<unknown> {
  let seen = ''
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    seen += String(chunk)
    const data = new RegExp(`^event: ${name}\\ndata: (.*)\\n\\n`, 'm').exec(seen)?.[1]
    if (data !== undefined) return JSON.parse(data)
  }
  throw new Error(`The stream ended without ${name}.`)
}

async function open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage]
  return response
}

describe('the review panel in a browser', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: PanelServer
  let page: string
  const said: string[] = []
  before(async () => {
    folder = await temporaryFolder()
    page = join(folder.path, 'page.ts')
    await writeFile(page, "console.log('first')\n")
    server = await openPanelServer({
      sessions: fixtureSessions(),
      say: (line) => said.push(line),
      bundling: { entryPoints: { review: page } },
    })
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  it('lists every session in every theme', async () => {
    const listing = await (await fetch(server.url)).text()
    for (const name of fixtureSessions().keys())
      for (const theme of ['light', 'dark', 'contrast']) {
        assert.ok(listing.includes(`href="/${name}/${theme}"`), `${name} ${theme}`)
        assert.equal((await fetch(`${server.url}${name}/${theme}`)).status, 200)
      }
    assert.equal((await fetch(`${server.url}unknown/dark`)).status, 404)
  })

  it('gives the page its session, and the extension side what the page asks', async () => {
    const events = await open(`${server.url}review/dark/events/1`)
    const post = (message: unknown) =>
      fetch(`${server.url}review/dark/message/1`, { method: 'POST', body: JSON.stringify(message) })
    await post({ type: 'ready' })
    const first = (await nextEvent(events, 'message')) as { readonly type: string }
    assert.equal(first.type, 'review')
    await post({ type: 'openLink', url: 'https://git.example.com/' })
    assert.deepEqual(said, ['open the link: "https://git.example.com/"'])
    events.destroy()
  })

  it('loads again what changed', async () => {
    const events = await open(`${server.url}review/dark/events/2`)
    const reloaded = nextEvent(events, 'reload')
    await writeFile(page, "console.log('second')\n")
    await reloaded
    assert.match(await (await fetch(`${server.url}review/dark`)).text(), /console\.log\("second"\)/)
    events.destroy()
  })

  it('answers on loopback, and to no other name', async () => {
    assert.equal(new URL(server.url).hostname, '127.0.0.1')
    assert.equal((await open(server.url, { host: 'panel.example.com' })).statusCode, 403)
  })
})
