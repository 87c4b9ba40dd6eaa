import assert from 'node:assert/strict'
import type { OpenRequest } from '../../../../src/runner/hosts/host.ts'
import { sameUpdates } from '../../../../src/runner/publish/sameUpdate.ts'
import { sessionTask } from '../../../support/sessionTask.ts'

function request(branch: string, title: string, author: string): OpenRequest {
  const url = 'https://github.example.com/o/r/pull/1'
  return { url, number: 1, title, author, branch, from: 'o/r', base: 'main' }
}

const task = (name: string) => ({ ...sessionTask('20260102-030405-abc123'), package: name })

/** Whose the request is where it is for the update of the package to 2.0.0; empty where it is not. */
function whose(name: string, ...said: Parameters<typeof request>): string {
  return sameUpdates([request(...said)], task(name), '2.0.0')
    .map(({ by }) => by)
    .join()
}

describe('an open request for the same update', () => {
  const cases: readonly (readonly [string, Parameters<typeof request>, string])[] = [
    ['left-pad', ['drydock/left-pad-2.0.0', 'Anything', 'ada'], 'drydock'],
    ['left-pad', ['drydock/left-pad-2.0.0-2', 'Anything', 'ada'], 'drydock'],
    ['left-pad', ['drydock/left-pad-3.0.0', 'Update left-pad', 'ada'], ''],
    ['@types/node', ['drydock/types-node-2.0.0', 'Anything', 'ada'], 'drydock'],
    [
      'left-pad',
      ['dependabot/npm_and_yarn/left-pad-2.0.0', 'Bump left-pad from 1.0.0 to 2.0.0', 'dependabot[bot]'],
      'dependabot',
    ],
    [
      '@types/node',
      ['dependabot/npm_and_yarn/types/node-2.0.0', 'Bump @types/node', 'dependabot[bot]'],
      'dependabot',
    ],
    [
      'left-pad',
      ['renovate/left-pad-2.x', 'chore(deps): update dependency left-pad to v2', 'renovate[bot]'],
      'renovate',
    ],
    [
      'org.yaml:snakeyaml',
      ['renovate/org.yaml-snakeyaml-2.x', 'Update dependency org.yaml:snakeyaml to v2', 'renovate[bot]'],
      'renovate',
    ],
    ['left-pad', ['topic', 'Move to left-pad 2.0.0', 'ada'], 'somebody'],
    ['left-pad', ['topic', 'Move to left-pad 3.0.0', 'ada'], ''],
    ['pad', ['drydock/left-pad-2.0.0', 'Update left-pad to 2.0.0', 'ada'], ''],
    ['left-pad', ['renovate/left-pad-2.x-lockfile', 'x', 'renovate[bot]'], 'renovate'],
    [
      'left',
      ['dependabot/npm_and_yarn/left-pad-2.0.0', 'Bump left-pad from 1.0.0 to 2.0.0', 'dependabot[bot]'],
      '',
    ],
  ]
  for (const [name, said, by] of cases) {
    it(`${said[0]} is ${by === '' ? 'not' : `${by}'s`} for ${name}`, () =>
      assert.equal(whose(name, ...said), by))
  }

  it('names ours first', () => {
    const all = [
      request('renovate/left-pad-2.x', 'x', 'renovate[bot]'),
      request('drydock/left-pad-2.0.0', 'x', 'a'),
    ]
    assert.deepEqual(
      sameUpdates(all, task('left-pad'), '2.0.0').map(({ by }) => by),
      ['drydock', 'renovate'],
    )
  })
})
