import assert from 'node:assert/strict'
import { hostDifference } from '../../../../src/runner/verify/hostDifference.ts'

/** What a log says, the kind of it, and a word of the sentence. */
const rows: readonly (readonly [string, string, RegExp])[] = [
  ['Error: getaddrinfo ENOTFOUND api.example.com', 'network', /asks api\.example\.com/],
  ['java.net.UnknownHostException: repo.example.com', 'network', /asks repo\.example\.com/],
  ['npm error code ENOTCACHED', 'network', /no network/],
  ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'service', /PostgreSQL/],
  ['MongoServerSelectionError: connect ECONNREFUSED ::1:27017', 'service', /MongoDB/],
  ['MongoNetworkError: failed to connect', 'service', /MongoDB/],
  ['Could not find a valid Docker environment. Please see logs', 'docker', /no Docker/],
  ['Error: Could not find Chrome (ver. 121.0)', 'browser', /browser/],
  ["browserType.launch: Executable doesn't exist at /tmp/chromium-1/chrome", 'browser', /browser/],
  ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', 'memory', /memory/],
  [
    'error:0308010C:digital envelope routines::unsupported\n code: ERR_OSSL_EVP_UNSUPPORTED',
    'tool-version',
    /version/,
  ],
  ['ReferenceError: primordials is not defined', 'tool-version', /version/],
  ['npm error code EBADENGINE', 'tool-version', /version/],
  ['error: certificate has expired', 'date', /expired/],
  ["{ code: 'CERT_HAS_EXPIRED' }", 'date', /expired/],
  ['sh: 1: jq: not found', 'program', /calls jq/],
  ['/bin/sh: line 1: terraform: command not found', 'program', /calls terraform/],
  ['Error: spawn git-lfs ENOENT', 'program', /calls git-lfs/],
  ['Error: Missing required environment variable: STRIPE_KEY', 'variable', /STRIPE_KEY/],
  ['Usage Error: Environment variable not found (NPM_TOKEN) in .yarnrc.yml', 'variable', /NPM_TOKEN/],
  ['TypeError: process.stdin.setRawMode is not a function', 'terminal', /terminal/],
  ["fatal: ambiguous argument 'origin/main': unknown revision", 'git', /history/],
  ['Error: EMFILE: too many open files', 'file-limit', /limit/],
  ["Error: EROFS: read-only file system, mkdir '/usr/x'", 'permission', /outside the workspace/],
]

describe('what differs from a host', () => {
  for (const [log, kind, words] of rows)
    it(log.slice(0, 70), () => {
      const found = hostDifference(`some output\n${log}\nmore\n`)
      assert.equal(found?.kind, kind)
      assert.match(found?.what ?? '', words)
      assert.doesNotMatch(found?.what ?? '', /\n/)
      assert.match(found?.next ?? '', /\w.*\.$/s)
    })

  it('is nothing where the log does not show it', () => {
    for (const log of [
      '',
      'AssertionError: expected 1 to equal 2',
      '  ✔ refuses a token that: jwt expired\n1 failing',
      'ok 3 - ENOTFOUND is told',
    ])
      assert.equal(hostDifference(log), undefined, log)
  })
})
