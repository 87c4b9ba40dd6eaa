import assert from 'node:assert/strict'
import { compose } from '../../../../src/runner/publish/compose.ts'
import { ownersOf } from '../../../../src/runner/publish/habits/owners.ts'
import { conventionalPrefix, withPrefix } from '../../../../src/runner/publish/habits/style.ts'
import { filledTemplate, templatePath } from '../../../../src/runner/publish/habits/template.ts'
import { previewed } from '../../../../src/runner/publish/preview.ts'
import { git, temporaryFolder, writeFiles } from '../../../support/madeRepository.ts'
import { waitingSession } from '../../../support/waitingSession.ts'

const answers = { description: 'DESCRIBED', testing: 'TESTED', byAgent: true }

describe('the style of a history', () => {
  it('is conventional where most commits are, and has the prefix of its own updates', () => {
    const plain = ['Add a thing', 'Fix it', 'Update x from 1 to 2']
    const conventional = ['feat: add a thing', 'fix(core): mend it', 'build(deps): bump x from 1 to 2']
    assert.equal(conventionalPrefix(plain), undefined)
    assert.equal(conventionalPrefix(conventional), 'build(deps)')
    assert.equal(conventionalPrefix(['feat: a', 'fix: b', 'docs: c']), 'chore(deps)')
    assert.equal(conventionalPrefix([...conventional, ...plain]), undefined, 'half is no majority')
    assert.equal(conventionalPrefix(['chore: first']), undefined, 'one commit is no habit')
    assert.equal(conventionalPrefix(['Note: a', 'http: b', 'lib/x: c']), undefined, 'a colon alone is none')
    assert.equal(withPrefix('chore(deps)', 'Update a from 1 to 2'), 'chore(deps): update a from 1 to 2')
    assert.equal(withPrefix('chore', 'API goes'), 'chore: API goes')
  })
})

describe('CODEOWNERS', () => {
  const text = `# comment
*                 @all
/docs/            @org/writers @ada
src/*             @grace   # of that folder alone
*.js              @js mail@example.com
apps/**/deep.ts   @deep
/secret           @root
!negated          @nobody
[a-z].ts          @nobody
/nobody.md
`
  it('gives each file to the last rule that names it', () => {
    const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      ['README.md', ['all'], []],
      ['docs/a/b.md', ['ada'], ['org/writers']],
      ['web/docs/a.md', ['all'], []],
      ['src/a.ts', ['grace'], []],
      ['src/deeper/a.ts', ['all'], []],
      ['src/a.js', ['js'], []],
      ['apps/x/y/deep.ts', ['deep'], []],
      ['secret', ['root'], []],
      ['nobody.md', [], []],
      ['b.ts', ['all'], []],
    ]
    for (const [path, people, teams] of cases)
      assert.deepEqual(ownersOf(text, [path]), { people, teams }, path)
    assert.deepEqual(ownersOf(text, ['src/a.ts', 'src/b.ts', 'docs/c']).people, ['grace', 'ada'])
  })
})

describe('a template of pull requests', () => {
  it('is found where hosts look, whatever its case', () => {
    assert.equal(templatePath(['docs/pull_request_template.md', 'a']), 'docs/pull_request_template.md')
    assert.equal(
      templatePath(['.github/PULL_REQUEST_TEMPLATE.md', 'PULL_REQUEST_TEMPLATE.md']),
      '.github/PULL_REQUEST_TEMPLATE.md',
    )
    assert.equal(
      templatePath(['.github/PULL_REQUEST_TEMPLATE/a.md', '.github/PULL_REQUEST_TEMPLATE/b.md']),
      undefined,
    )
    assert.equal(
      templatePath(['.github/PULL_REQUEST_TEMPLATE/only.md']),
      '.github/PULL_REQUEST_TEMPLATE/only.md',
    )
    assert.equal(templatePath(['src/pull_request_template.md']), undefined)
  })

  it('gets a description and the tests below their headings, once each, and keeps everything else', () => {
    const text = `## Description\n<!-- ## What? - [ ] AI -->\n\n## How has this been tested?\n\n## Checklist\n- [ ] I read the guide\n`
    const filled = filledTemplate(text, answers)
    assert.equal(
      filled,
      '## Description\n\nDESCRIBED\n\n<!-- ## What? - [ ] AI -->\n\n## How has this been tested?\n\nTESTED\n\n\n## Checklist\n- [ ] I read the guide',
    )
    assert.equal(filledTemplate('x'.repeat(20_001), answers), undefined)
  })

  it('answers boxes about AI as is true, and ticks no other', () => {
    const boxes = (lines: string, byAgent: boolean): string =>
      [...(filledTemplate(lines, { ...answers, byAgent }) ?? '').matchAll(/\[(.)\]/g)]
        .map(([, one]) => one)
        .join('')
    const text = `## AI disclosure
- [ ] This PR contains AI-generated code
- [ ] I used an LLM to write parts of it
- [ ] I did not use AI
- [x] No AI tools were used
- [ ] Tests pass
- [ ] I maintain this

Did you use generative AI?
- [ ] Yes
- [ ] No

Is it a breaking change?
- [ ] Yes
- [ ] No
`
    assert.equal(boxes(text, true), 'xx    x   ')
    // The package manager made it: nothing of it is generated, and that no model was ever used is not said.
    assert.equal(boxes(text, false), '          ')
  })
})

describe('a pull request as it will be', () => {
  const owners = {
    '.github/CODEOWNERS': '*.js @grace @o/team\n',
    '.drydock.json': '{"pullRequest":{"labels":["deps"]}}',
  }

  it('follows the repository: style, template, owners, labels', async () => {
    await using folder = await temporaryFolder()
    const made = await waitingSession(folder.path, {
      files: { ...owners, '.github/pull_request_template.md': '## Summary\n\n- [ ] AI-generated\n' },
    })
    const { held, repository, root } = made
    const settings = {
      ...held.view().task.settings,
      pullRequestLabels: ['deps', 'not-here'],
      pullRequestReviewers: ['codeowners'],
      pullRequestReviewersInTurn: ['ada', 'barbara'],
      pullRequestMilestone: 'Next',
    }
    for (const subject of ['feat: a', 'fix: b', 'build(deps): bump a from 1 to 2']) {
      await writeFiles(root, { 'n.txt': subject })
      await git(root, 'add', '-A')
      await git(root, 'commit', '-q', '-m', subject)
    }
    const baseCommit = (await git(root, 'rev-parse', 'HEAD')).trim()
    const seen = held.view()
    const task = { ...seen.task, settings, repository: { ...seen.task.repository, baseCommit } }
    const view = { ...seen, task, turns: 2 }
    await held.release()
    const found = await compose({ view, repository, turn: 1 })
    assert.equal(found.title, 'build(deps): update left-pad from 1.0.0 to 2.0.0')
    assert.equal(found.branch, 'drydock/left-pad-2.0.0')
    assert.deepEqual([found.reviewers, found.teamReviewers], [['barbara', 'grace'], ['team']])
    assert.deepEqual([found.labels, found.milestone, found.notes.length], [['deps'], 'Next', 1])
    assert.match(
      found.opening ?? '',
      /## Summary\n\n`Update left-pad from 1\.0\.0 to 2\.0\.0`\..*\n[\s\S]+\[x\] AI-generated$/,
    )
    const preview = await previewed({ view, repository, turn: 1 })
    assert.ok(preview.body.startsWith('## Summary'))
    assert.match(preview.body, /### Before and after/)
    assert.deepEqual([preview.head, preview.base], ['drydock/left-pad-2.0.0', 'main'])
  })

  it('is what a person says where they say it, and a draft where the repository wants one', async () => {
    await using folder = await temporaryFolder()
    const { held, repository } = await waitingSession(folder.path, {
      files: { '.drydock.json': '{"pullRequest":{"draft":true,"reviewers":false}}' },
    })
    const edits = { title: 'Mine\nin one line', branch: 'deps/../x y/{to}', draft: false, reviewers: ['ada'] }
    held.log.emit({ type: 'pullRequest.edited', edits })
    const found = await compose({ view: held.view(), repository })
    await held.release()
    assert.deepEqual(
      [found.title, found.branch, found.draft, found.reviewers],
      ['Mine in one line', 'deps/x-y/2.0.0', true, []],
    )
  })
})
