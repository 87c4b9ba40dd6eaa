import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { board } from '../../../src/runner/commands/fleet/board.ts'
import { openQueued } from '../../../src/runner/commands/fleet/queued.ts'
import { boardPackages, loadBoard } from '../../../src/runner/fleet/board.ts'
import { campaignFile, campaignJob } from '../../support/campaigns.ts'
import { commandContext } from '../../support/commandContext.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { openPanelBrowser } from '../../support/panel/browser.ts'
import { startRedis, type TestRedis } from '../../support/redis.ts'

interface Asked {
  readonly method?: string
  readonly host?: string
}

/** Status, headers and text of an answer; `fetch` would not let a test choose its host. */
function ask(url: string, { method = 'GET', host }: Asked = {}) {
  return new Promise<{ status: number | undefined; policy: string; text: string }>((resolve, reject) => {
    const asked = request(
      url,
      { method, ...(host === undefined ? {} : { headers: { host } }) },
      async (answer) => {
        let text = ''
        for await (const chunk of answer) text += String(chunk)
        resolve({
          status: answer.statusCode,
          policy: String(answer.headers['content-security-policy']),
          text,
        })
      },
    )
    asked.on('error', reject).end()
  })
}

describe('the board of a fleet', function () {
  this.timeout(120_000)
  let redis: TestRedis
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  before(async () => {
    redis = await startRedis()
    folder = await temporaryFolder()
  })
  after(async () => {
    await redis[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  /** A board of a queue with one job in it. */
  async function served(): Promise<{ readonly url: string; readonly said: string } & AsyncDisposable> {
    const end = new AbortController()
    const { context, said } = commandContext(folder.path, { DRYDOCK_REDIS_URL: redis.url })
    {
      await using fleet = await openQueued(context, 'A test')
      await fleet
        .log('uuid')
        .append(
          { type: 'campaign.created', campaign: campaignFile(), runner: 'test' },
          { type: 'campaign.planned', jobs: [campaignJob(1)], unreachable: [] },
        )
      await fleet.wake('uuid')
    }
    const ended = board({ ...context, signal: end.signal }, {})
    while (!/Ctrl-C ends it/.test(said())) await Promise.race([new Promise(setImmediate), ended])
    return {
      url: /http:\/\/127\.0\.0\.1:\d+\//.exec(said())?.[0] ?? '',
      said: said(),
      async [Symbol.asyncDispose]() {
        end.abort()
        equal(await ended, 0)
      },
    }
  }

  it('shows what is in the queue, and says that it has no authentication', async () => {
    await using shown = await served()
    match(shown.said, /It has no authentication: whoever is on this machine can read it\./)
    const { queues } = JSON.parse((await ask(`${shown.url}api/queues?activeQueue=jobs&page=1`)).text)
    deepEqual(
      queues.map(
        ({ name, readOnlyMode, jobs }: { name: string; readOnlyMode: boolean; jobs: { data: object }[] }) => [
          ...[name, readOnlyMode, jobs.map(({ data }) => data)],
        ],
      ),
      [['jobs', true, [{ campaign: 'uuid', key: campaignJob(1).key }]]],
    )
    await using browser = await openPanelBrowser()
    const page = await browser.browser.newPage()
    const strangers: string[] = []
    page.on('response', (answer) => {
      if (!answer.url().startsWith(shown.url)) strangers.push(answer.url())
    })
    await page.goto(`${shown.url}queue/jobs`)
    await page.getByText(campaignJob(1).key).first().waitFor({ timeout: 60_000 })
    deepEqual(strangers, [])
  })

  it('answers nobody who calls it by another name, and changes nothing for anybody', async () => {
    await using shown = await served()
    const { port } = new URL(shown.url)
    for (const host of ['evil.example.com', `evil.example.com:${port}`, `127.0.0.1.nip.io:${port}`])
      equal((await ask(shown.url, { host })).status, 421, host)
    for (const host of [`localhost:${port}`, `[::1]:${port}`, '127.0.0.1'])
      equal((await ask(shown.url, { host })).status, 200, host)
    for (const [method, path] of [
      ['PUT', 'api/queues/pause'],
      ['PUT', 'api/queues/jobs/obliterate'],
      ['POST', 'api/queues/jobs/add'],
      ['DELETE', 'api/queues/jobs'],
    ] as const)
      equal((await ask(`${shown.url}${path}`, { method })).status, 405, path)
    match((await ask(shown.url)).policy, /default-src 'self'.*frame-ancestors 'none'/)
  })

  it('is served on loopback alone, and needs a queue', async () => {
    const { context } = commandContext(folder.path, { DRYDOCK_REDIS_URL: redis.url })
    for (const host of ['0.0.0.0', '::', '192.168.1.2', 'example.com'])
      await rejects(board(context, { host }), /bad-usage: A board is served on loopback alone/, host)
    await rejects(board(context, { port: 70_000 }), /bad-usage: 70000 is no port/)
    await rejects(board(commandContext(folder.path).context, {}), /needs-queue: /)
  })

  it('is named with what installs it where it is not there; the versions are those that are tested', async () => {
    try {
      loadBoard(folder.path)
      throw new Error('it was loaded from nowhere')
    } catch (error) {
      match(String(error), /bad-usage: .* has no Bull Board/)
      match(JSON.stringify(error), /npm install --prefix .* @bull-board\/api@9\.10\.1 /)
    }
    const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../../../package.json'), 'utf8'))
    const all = { ...manifest.devDependencies, ...manifest.dependencies }
    deepEqual(Object.fromEntries(Object.keys(boardPackages).map((name) => [name, all[name]])), boardPackages)
    deepEqual(manifest.peerDependencies, {
      '@bull-board/api': boardPackages['@bull-board/api'],
      '@bull-board/express': boardPackages['@bull-board/express'],
    })
  })
})
