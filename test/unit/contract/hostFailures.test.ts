import assert from 'node:assert/strict'
import { hostFailures } from '../../../src/contract/hostFailures.ts'

/** What servers print beside a push that they refuse, and what a person is told to do. */
const refusals: readonly (readonly [string, RegExp])[] = [
  ['remote: error: GH006: Protected branch update failed for refs/heads/drydock/x.', /rule of the host/],
  ['remote: error: GH013: Repository rule violations found for refs/heads/drydock/x.', /rule of the host/],
  [
    'remote: GitLab: You are not allowed to push code to protected branches on this project.',
    /rule of the host/,
  ],
  ['ERROR: This repository was archived so it is read-only.', /archived/],
  ["remote: The 'o' organization has enabled or enforced SAML SSO.", /Authorise/],
  ['remote: Permission to o/r.git denied to grace.', /may not push/],
  [
    "fatal: unable to access 'https://git.example.com/o/r.git/': The requested URL returned error: 403",
    /may not push/,
  ],
  ['remote: error: GH001: Large files detected.', /as large/],
  ['fatal: Could not read from remote repository.', /Check that `git push` works/],
]

describe('a push that a host refuses', () => {
  for (const [said, next] of refusals) {
    it(`has the step that follows from: ${said}`, () => {
      assert.match(hostFailures.pushFailed('origin', 'no', said).failure.next, next)
    })
  }
})
