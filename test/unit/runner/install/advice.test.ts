import assert from 'node:assert/strict'
import { words as maven } from '../../../../src/runner/ecosystems/maven/words.ts'
import { remedy } from '../../../../src/runner/ecosystems/npm/remedy.ts'
import { words } from '../../../../src/runner/ecosystems/npm/words.ts'
import { adviceFor } from '../../../../src/runner/install/advice.ts'
import { goneIn } from '../../../../src/runner/install/gone.ts'
import { installReason } from '../../../../src/runner/install/reason.ts'

const host = 'registry.example.com'
const gitLog =
  'npm error code 128\nnpm error An unknown git error occurred\nnpm error command git --no-replace-objects ls-remote ssh://git@github.com/owner/name.git\nnpm error ssh: not found\n'

describe('advice about a failed install', () => {
  /** Texts of npm 10 and 11, pnpm 9 and 10, yarn 1 and 4, as they print them. */
  const logs: readonly (readonly [log: string, next: RegExp])[] = [
    [
      'npm error code ERESOLVE\nnpm error ERESOLVE could not resolve\nnpm error While resolving: react-dom@18.2.0\n',
      /Update the packages named there together, or set `legacy-peer-deps=true`/,
    ],
    [
      'npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.\n',
      /does not fit the manifests/,
    ],
    [
      ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with <ROOT>/package.json\n',
      /does not fit the manifests/,
    ],
    [
      'error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.\n',
      /does not fit the manifests/,
    ],
    [
      '➤ YN0028: │ The lockfile would have been modified by this install, which is explicitly forbidden.\n',
      /does not fit the manifests/,
    ],
    [
      ' ERR_PNPM_UNUSED_PATCH  The following patches were not used: ms@2.0.0\n\nEither remove them from "patchedDependencies" or update them to match packages in your dependencies.\n',
      /make it anew for the version that is/,
    ],
    [
      ' ERR_PNPM_PATCH_FAILED  Could not apply patch /workspace/patches/ms.patch to /workspace/node_modules/ms\n',
      /A patch does not fit the version/,
    ],
    ['➤ YN0066: │ ms@patch:ms@npm%3A2.0.0#~/p.patch: Cannot apply hunk #1\n', /A patch does not fit/],
    [
      'npm error code EOVERRIDE\nnpm error Override for ms@2.1.3 conflicts with direct dependency\n',
      /Change the override/,
    ],
    [
      'npm error code EBADENGINE\nnpm error engine Unsupported engine\nnpm error engine Not compatible with your version of node/npm: fx@1.0.0\n',
      /"node": "20"/,
    ],
    [
      'error fx@1.0.0: The engine "node" is incompatible with this module. Expected version "14". Got "22.0.0"\n',
      /"node"/,
    ],
    [
      'npm error code EUNSUPPORTEDPROTOCOL\nnpm error Unsupported URL Type "workspace:": workspace:*\n',
      /another package manager/,
    ],
    ['npm error code EINTEGRITY\nnpm error sha512-x integrity checksum failed\n', /other bytes/],
    ['npm error code E401\nnpm error Incorrect or missing password.\n', /npm login/],
    ['npm error code ENOSPC\nnpm error nospc There appears to be insufficient space\n', /workspaceMb/],
    [gitLog, /Commit a lock file/],
    [' ERR_PNPM_PEER_DEP_ISSUES  Unmet peer dependencies\n', /strict-peer-dependencies=false/],
  ]
  for (const [log, next] of logs)
    it(log.trim().split('\n').at(-1)?.slice(0, 70) ?? '', () => {
      assert.match(adviceFor(/Could not find artifact/.test(log) ? maven : words, log) ?? '', next)
    })

  it('tells a lock file that does not fit, and peers, from everything else', () => {
    const found = logs.map(([log]) => remedy(log))
    assert.deepEqual(found.slice(0, 6), ['peers', 'lock', 'lock', 'lock', 'lock', undefined])
    assert.ok(found.slice(6).every((one) => one === undefined))
  })

  it('names what is asked of git', () => {
    assert.equal(
      installReason(words, gitLog, 128),
      'a package that another one needs comes from git (ssh://git@github.com/owner/name.git), and no lock file says which commit',
    )
  })

  it('says nothing of a cause that it does not know', () => {
    assert.equal(adviceFor(words, 'npm error code EWHATEVER\n'), undefined)
  })
})

describe('packages that no registry has', () => {
  const gone = [
    { subject: 'optional-thing', host },
    { subject: '@xeol/tool', host },
  ]

  it('is the one that the log speaks of, not one that was passed over', () => {
    const npm =
      'npm error code E404\nnpm error 404 Not Found - GET http://127.0.0.1:4873/npm/@xeol%2ftool - registry has none\n'
    assert.deepEqual(goneIn(words, npm, gone, host), { subject: '@xeol/tool', host })
    const pnpm = ' ERR_PNPM_FETCH_404  GET http://127.0.0.1:4873/npm/@xeol%2Ftool: Not Found - 404\n'
    assert.deepEqual(goneIn(words, pnpm, gone, host), { subject: '@xeol/tool', host })
    const yarn = 'error An unexpected error occurred: "http://127.0.0.1:4873/npm/@xeol%2ftool: Not found".\n'
    assert.deepEqual(goneIn(words, yarn, gone, host), { subject: '@xeol/tool', host })
    const berry = '➤ YN0035: │ @xeol/tool@npm:^1.0.0: Package not found\n'
    assert.deepEqual(goneIn(words, berry, gone, host), { subject: '@xeol/tool', host })
    assert.equal(
      goneIn(words, 'npm error code ERESOLVE\nnpm error While resolving: @xeol/tool@1.0.0\n', gone, host),
      undefined,
    )
  })

  it('may be a version that was taken back', () => {
    const logs = [
      'npm error code ETARGET\nnpm error notarget No matching version found for ms@99.0.0.\n',
      ' ERR_PNPM_NO_MATCHING_VERSION  No matching version found for ms@99.0.0 while fetching it\n',
      'error Couldn\'t find any versions for "ms" that matches "99.0.0"\n',
      '➤ YN0082: │ ms@npm:99.0.0: No candidates found\n',
    ]
    for (const log of logs)
      assert.deepEqual(goneIn(words, log, [], host), { subject: 'ms@99.0.0', host }, log)
  })
})
