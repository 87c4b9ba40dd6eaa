import { deepEqual, equal, match, throws } from 'node:assert/strict'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { parseCampaign } from '../../../../src/runner/fleet/file.ts'

const whole = `name: uuid
update: uuid@9
repositories:
  - ~/work/shop
  - git@git.example.com:acme/app.git
  - { github: acme, match: 'app-*', priority: 5 }
limits: { campaignUsd: 40 }
`

function refusal(text: string): string {
  let said = ''
  throws(
    () => parseCampaign(text, 'c.yaml'),
    (error) => {
      if (!(error instanceof DrydockError)) return false
      equal(error.failure.code, 'bad-campaign')
      said = error.failure.message
      return true
    },
  )
  return said
}

describe('a campaign file', () => {
  it('is read with its defaults, plain texts as folders or addresses', () => {
    const { repositories, limits } = parseCampaign(whole, 'c.yaml')
    deepEqual(
      repositories.map(({ path, url, github }) => path ?? url ?? github),
      ['~/work/shop', 'git@git.example.com:acme/app.git', 'acme'],
    )
    deepEqual([limits.concurrency, limits.campaignUsd, limits.restarts], [1, 40, 3])
  })

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['no YAML', 'name: [uuid\nupdate: uuid', /c\.yaml, line 2: /],
    ['the same key twice', 'name: a\nname: b\n', /line 2: .*unique/],
    ['nothing at all', '', /the file is empty\.$/],
    ['an unknown key', `${whole}budget: 3\n`, /line 8: the file has no "budget"\.$/],
    [
      'an unknown key further down',
      whole.replace('campaignUsd', 'campaignUSD'),
      /line 7: limits has no "campaignUSD"; did you mean "campaignUsd"\?$/,
    ],
    ['a bad number', whole.replace('40', 'forty'), /line 7: limits\.campaignUsd has to be a number\.$/],
    [
      'no task',
      whole.replace('update: uuid@9\n', ''),
      /the file needs either update or change, and not both\.$/,
    ],
    [
      'a misspelt key',
      whole.replace('name:', 'nme:'),
      /line 1: the file has no "nme"; did you mean "name"\?$/,
    ],
    ['no name', whole.replace('name: uuid\n', ''), /name is missing\.$/],
    ['too small a number', whole.replace('40', '0'), /limits\.campaignUsd has to be more than 0\.$/],
    [
      'a gate of no kind',
      `${whole}canary: { repositories: 1, until: soon }\n`,
      /canary\.until has to be one of verified, approved, merged\.$/,
    ],
    [
      'a text for a list',
      whole.replace(/repositories:[\s\S]*\nlimits/, 'repositories: a\nlimits'),
      /repositories has to be a list\.$/,
    ],
    [
      'two tasks',
      `${whole}change: { kind: refactor, title: a, prompt: b }\n`,
      /needs either update or change/,
    ],
    [
      'no repository',
      'name: a\nupdate: b\nrepositories: []\n',
      /line 3: repositories is empty: name one at least\.$/,
    ],
    [
      'a name with a path',
      whole.replace('name: uuid', 'name: ../uuid'),
      /line 1: name may have the letters a to z, digits and hyphens alone/,
    ],
    [
      'a source of two kinds',
      whole.replace('github: acme', 'github: acme, path: a'),
      /line 6: repositories\[3\].*exactly one/,
    ],
    [
      'a folder from the root',
      whole.replace("match: 'app-*'", 'folder: /etc'),
      /line 6: .*not a relative path/,
    ],
    [
      'credentials',
      whole.replace('~/work/shop', 'https://me:secret@git.example.com/a/b'),
      /line 4: .*credentials/,
    ],
    [
      'an option for an address',
      whole.replace('~/work/shop', '{ url: "--upload-pack=x" }'),
      /line 4: .*no address/,
    ],
    ['a bomb of aliases', bomb(), /alias/i],
  ]
  for (const [what, text, said] of wrong)
    it(`is refused with its line: ${what}`, () => {
      match(refusal(text), said)
    })

  it('never shows credentials that it refuses', () => {
    const said = refusal(whole.replace('~/work/shop', 'https://me:secret@git.example.com/a/b'))
    equal(said.includes('secret'), false)
  })
})

function bomb(): string {
  const names = 'abcdefgh'.split('')
  const rows = names.map((name, at) => {
    const before = names[at - 1]
    const item = before === undefined ? 'x' : `*${before}`
    return `${name}: &${name} [${Array(10).fill(item).join(', ')}]`
  })
  return `${rows.join('\n')}\n`
}
