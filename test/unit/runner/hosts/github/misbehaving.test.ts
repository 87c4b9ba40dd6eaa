import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DrydockError } from '../../../../../src/contract/failure.ts'
import { failures } from '../../../../../src/contract/failures.ts'
import { plainWish } from '../../../../../src/contract/pullRequest.ts'
import { githubHost } from '../../../../../src/runner/hosts/github/index.ts'
import { HostRefusal } from '../../../../../src/runner/hosts/host.ts'

const wish = plainWish({ title: 'Update', body: 'text', head: 'drydock/x' })
const token = 'github-token-of-a-test'

async function failureAt(listener: RequestListener | undefined, silentMs: number, signal?: AbortSignal) {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  if (listener === undefined) server.close()
  const repository = { owner: 'o', repo: 'r', apiUrl }
  try {
    const clock = { now: () => Date.now(), wait: async () => {} }
    const cancel = signal === undefined ? {} : { signal }
    await githubHost(repository, { token, silentMs, clock, ...cancel }).open(wish)
    return 'opened'
  } catch (error) {
    const told = error instanceof HostRefusal ? failures.pullRequestFailed(wish.head, error.trouble) : error
    assert.ok(told instanceof DrydockError, String(error))
    return `${told.failure.code}: ${told.failure.message}\n${told.failure.next}`
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const json = { 'content-type': 'application/json' }
const answering =
  (body: string, headers: Record<string, string> = json): RequestListener =>
  (_, response) =>
    void response.writeHead(200, headers).end(body)

describe('a pull request at a host that misbehaves', () => {
  const cases: Readonly<Record<string, readonly [RequestListener | undefined, RegExp]>> = {
    silent: [() => {}, /did not answer, within 1 s/],
    'silent in the middle': [
      (_, response) => void response.writeHead(200, json).write('{'),
      /did not answer, within 1 s/,
    ],
    'not there': [undefined, /could not be reached.*ECONNREFUSED/],
    'cut off': [(request) => void request.socket.destroy(), /could not be reached/],
    'out of order': [
      (_, response) => void response.writeHead(500, json).end('{"message":"Ouch"}'),
      /answered 500, Ouch/,
    ],
    'a sign-in page': [
      answering('<html>', { 'content-type': 'text/html' }),
      /none that such an interface gives/,
    ],
    'broken JSON': [answering('{"default_branch": "ma'), /none that such an interface gives/],
    'another interface': [
      (request, response) =>
        answering(/pulls/.test(request.url ?? '') ? '"no"' : '{"default_branch":"main"}')(request, response),
      /none that such an interface gives/,
    ],
    'a pull request without an address': [
      (request, response) =>
        answering(/pulls/.test(request.url ?? '') ? '[{"number":1}]' : '{"default_branch":"main"}')(
          request,
          response,
        ),
      /none that such an interface gives/,
    ],
    'without an end': [
      (_, response) => {
        response.writeHead(200, json)
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        }
        response.on('drain', more)
        more()
      },
      /too large/,
    ],
  }
  for (const [name, [listener, words]] of Object.entries(cases)) {
    it(`is named: ${name}`, async () => {
      // Only what is silent is to run out of time, on a busy machine too.
      const failure = await failureAt(listener, name.startsWith('silent') ? 400 : 30_000)
      assert.match(failure, /^pull-request-failed: The branch drydock\/x is pushed/)
      assert.match(failure, words)
      assert.doesNotMatch(failure, new RegExp(token))
    })
  }

  for (const [status, next] of [
    [401, /^The token is wrong, has expired or was revoked/m],
    [403, /^Check that the token may/m],
    [422, /^Open it by hand from that branch\.$/m],
    [502, /^Run `drydock publish` again, or open it by hand/m],
  ] as const) {
    it(`has the step that follows from the answer: ${status}`, async () => {
      const refusing: RequestListener = (_, response) =>
        void response.writeHead(status, json).end('{"message":"No"}')
      assert.match(await failureAt(refusing, 30_000), next)
    })
  }

  it('is cancelled while it waits', async () => {
    const cancel = new AbortController()
    const listener: RequestListener = () => cancel.abort()
    assert.match(await failureAt(listener, 30_000, cancel.signal), /^cancelled: /)
  })
})
