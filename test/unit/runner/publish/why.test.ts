import assert from 'node:assert/strict'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import { pullRequestBody } from '../../../../src/runner/publish/body.ts'
import { explained } from '../../../support/panel/why.ts'

describe('why it broke, in a pull request', () => {
  it('has the code and the message first, the lines that meet the change, and what packages run', () => {
    const body = pullRequestBody(sessionView(explained('20260304-090000-bbbbb9').events), { notes: [] })
    const cause =
      /^- `ERR_PACKAGE_PATH_NOT_EXPORTED: Package subpath '\.\/legacy' is not defined[^`]*`, by `npm test` at `/m
    assert.match(body, cause)
    for (const part of [
      'createClient(options: ClientOptions)',
      'src/catalogue.ts:14',
      'tiny-native',
      'postinstall',
    ])
      assert.ok(body.includes(part), `${part} is not in:\n${body}`)
  })
})
