import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type HostTroubleKind,
  troubleAdvice,
  troubleReason,
} from '../../../../../src/contract/hostTrouble.ts'
import { githubHost } from '../../../../../src/runner/hosts/github/index.ts'
import { HostRefusal } from '../../../../../src/runner/hosts/host.ts'

const token = 'github-token-of-a-test'
const now = Date.parse('2026-01-02T03:04:05Z')

interface Said {
  readonly status: number
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A host that gives the answers in turn, the last one for ever; how long a client waited, and what it asked. */
async function hostSaying(...answers: readonly Said[]) {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    give(response, answers[Math.min(asked.length, answers.length) - 1])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [waits, told]: [number[], string[]] = [[], []]
  const host = githubHost(
    { owner: 'o', repo: 'r', apiUrl },
    {
      token,
      clock: { now: () => now, wait: async (ms) => void waits.push(ms) },
      progress: (message) => void told.push(message),
    },
  )
  return {
    ...{ host, asked, waits, told },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function give(response: ServerResponse, said: Said | undefined): void {
  const { status = 200, message, headers = {} } = said ?? {}
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(
    JSON.stringify(message === undefined ? [] : { message, documentation_url: 'https://docs.example.com' }),
  )
}

const spent = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0' }
const reset = (seconds: number) => ({ ...spent, 'x-ratelimit-reset': String(now / 1000 + seconds) })
const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
const content =
  'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.'
const abuse =
  'You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.'
const fine: Said = { status: 200 }

/** Answers as GitHub gives them, what they are taken for, and the step that a person is told. */
const refusals: readonly (readonly [string, Said, HostTroubleKind, RegExp])[] = [
  [
    'a token that expired',
    { status: 401, message: 'Bad credentials' },
    'token',
    /Sign in again or make a new one/,
  ],
  [
    'an organisation with single sign-on',
    {
      status: 403,
      message:
        'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
      headers: {
        'x-github-sso': 'required; url=https://github.example.com/orgs/o/sso?authorization_request=A1',
      },
    },
    'sign-on',
    /Authorise the token at https:\/\/github\.example\.com\/orgs\/o\/sso/,
  ],
  [
    'a permission that the token lacks',
    {
      status: 403,
      message: 'Resource not accessible by personal access token',
      headers: { 'x-accepted-github-permissions': 'pull_requests=write' },
    },
    'permission',
    /it needs pull_requests=write/,
  ],
  [
    'a repository that the token does not see',
    { status: 404, message: 'Not Found' },
    'missing',
    /still there/,
  ],
  [
    'an archived repository',
    { status: 403, message: 'Repository was archived so is read-only.' },
    'archived',
    /archive/,
  ],
  [
    'a repository that was taken down',
    { status: 451, message: 'Repository access blocked' },
    'blocked',
    /owner can ask/,
  ],
  [
    'a protected branch',
    {
      status: 422,
      message: 'Repository rule violations found: Changes must be made through a pull request.',
    },
    'protected',
    /rule of the repository/,
  ],
  ['a server out of order', { status: 503, message: 'Service unavailable' }, 'unavailable', /^Run `x` again/],
  [
    'a limit that lasts longer than anybody waits',
    { status: 403, message: 'API rate limit exceeded for user ID 1.', headers: reset(3000) },
    'rate-limit',
    /Wait until then/,
  ],
  [
    'a redirection to another host',
    { status: 301, headers: { location: 'https://elsewhere.example.com/repos' } },
    'moved',
    /remote's address/,
  ],
  ['a request that is not valid', { status: 422, message: 'Validation Failed' }, 'invalid', /^By hand\.$/],
]

describe("what a host's answers mean", () => {
  for (const [name, said, kind, next] of refusals) {
    it(`is told with the next step: ${name}`, async () => {
      await using it = await hostSaying(said)
      await assert.rejects(it.host.openRequests(), (error: unknown) => {
        assert.ok(error instanceof HostRefusal)
        assert.equal(error.trouble.kind, kind)
        assert.match(troubleAdvice(error.trouble, '`x` again', 'by hand'), next)
        assert.match(
          troubleReason(error.trouble),
          kind === 'moved' ? /another host/ : new RegExp(String(said.status)),
        )
        return true
      })
    })
  }

  const limits: readonly (readonly [string, Said, number])[] = [
    [
      'until the primary limit ends',
      { status: 403, message: 'API rate limit exceeded', headers: reset(20) },
      21_000,
    ],
    [
      'as long as `retry-after` says',
      { status: 429, message: secondary, headers: { 'retry-after': '7' } },
      7000,
    ],
    ['a minute where a secondary limit names no time', { status: 403, message: secondary }, 60_000],
    ['a minute for the limit of what may be created', { status: 403, message: content }, 60_000],
    ['a minute where an older server speaks of abuse', { status: 403, message: abuse }, 60_000],
    ['a minute where it was too quick', { status: 422, message: 'was submitted too quickly' }, 60_000],
    ['a moment where it is out of order', { status: 502, message: 'Bad gateway' }, 1000],
  ]
  for (const [name, said, waited] of limits) {
    it(`is waited for, and said: ${name}`, async () => {
      await using it = await hostSaying(said, fine)
      assert.deepEqual(await it.host.openRequests(), [])
      assert.deepEqual(it.waits, [waited])
      assert.match(it.told.join(), new RegExp(`^waiting ${waited / 1000} s for 127\\.0\\.0\\.1`))
    })
  }

  it('is waited for at most three times', async () => {
    await using it = await hostSaying({ status: 429, message: secondary, headers: { 'retry-after': '1' } })
    await assert.rejects(it.host.openRequests(), HostRefusal)
    assert.equal(it.asked.length, 4)
  })

  it('follows a renamed repository, whose answers all lead to its number', async () => {
    await using it = await hostSaying({ status: 301, headers: { location: '/repositories/7/pulls' } }, fine)
    assert.deepEqual(await it.host.openRequests(), [])
    assert.deepEqual(
      it.asked.map(({ url }) => url),
      ['/repos/o/r/pulls?state=open&per_page=100&page=1', '/repositories/7/pulls'],
    )
    assert.ok(it.asked.every(({ headers }) => headers.authorization === `token ${token}`))
  })

  it('names the version of the interface, and does without where a server does not know it', async () => {
    const old = { status: 400, message: '"2022-11-28" is not a supported API version.' }
    await using it = await hostSaying(old, fine)
    assert.deepEqual(await it.host.openRequests(), [])
    await it.host.openRequests()
    assert.deepEqual(
      it.asked.map(({ headers }) => headers['x-github-api-version']),
      ['2022-11-28', undefined, undefined],
    )
  })

  it('never holds the token, wherever the host says it', async () => {
    await using it = await hostSaying({ status: 422, message: `no ${token} here` })
    await assert.rejects(it.host.openRequests(), (error: unknown) => {
      assert.ok(error instanceof HostRefusal)
      assert.doesNotMatch(JSON.stringify(error.trouble), new RegExp(token))
      return true
    })
  })
})
