import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { editsOf, players } from '../../../../evals/repair/play.ts'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { failures } from '../../../../src/contract/failures.ts'
import { type SessionView, sessionView } from '../../../../src/contract/sessionView.ts'
import { repairPage } from '../../../../src/runner/repairEval/page.ts'
import { caseRepository } from '../../../../src/runner/repairEval/repository.ts'
import {
  type CaseResult,
  resultOf,
  saysNothing,
  withoutSession,
} from '../../../../src/runner/repairEval/result.ts'
import { scoreRepairs } from '../../../../src/runner/repairEval/score.ts'
import { RepairCase, type RepairSet, readSet } from '../../../../src/runner/repairEval/set.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { fixtureSessions } from '../../../support/panel/sessions.ts'

const evals = resolve(import.meta.dirname, '../../../../evals')

function view(name: string): SessionView {
  const found = fixtureSessions().get(name)
  assert.ok(found !== undefined, name)
  return sessionView(found.events)
}

const made = (more: Partial<RepairCase> = {}): RepairCase =>
  RepairCase.parse({ id: 'a', files: 'a', update: 'x@2', ...more })

describe('a set of updates', () => {
  it('is read for every list there is, and the embedded one names files and patches that exist', async () => {
    for (const list of ['swe-bump-bench', 'maven-bump', 'npm-older'])
      assert.ok((await readSet(join(evals, 'wild/lists', `${list}.json`))).cases.length > 10)
    for (const [list, cases] of [
      ['swe-bump-bench', 63],
      ['bump', 571],
    ] as const) {
      const all = await readSet(join(evals, 'repair/lists', `${list}.json`))
      assert.equal(all.cases.length, cases)
      assert.ok(all.cases.every(({ repository, commit }) => repository !== undefined && commit !== undefined))
    }
    const set = await readSet(join(evals, 'repair'))
    assert.equal(set.cases.length, 17)
    for (const { files = '', played } of set.cases) {
      await readFile(join(set.base, files, '..', 'case.json'))
      assert.ok(editsOf(await readFile(join(set.base, played?.patch ?? ''), 'utf8')).length > 0)
    }
  })

  it('refuses what cannot be run, and what would reach elsewhere', async () => {
    const wrong = [
      { files: undefined },
      { files: undefined, repository: 'a/b' },
      { repository: 'a/b' },
      { files: '/etc' },
      { files: undefined, repository: 'ext::sh -c id', commit: 'a'.repeat(40) },
      { files: undefined, repository: '--upload-pack=x', commit: 'a'.repeat(40) },
      { id: '../a' },
    ]
    for (const more of wrong) assert.throws(() => made(more as Partial<RepairCase>), JSON.stringify(more))
    await assert.rejects(
      readSet(join(evals, 'none.json')),
      (error) => error instanceof DrydockError && error.failure.code === 'bad-usage',
    )
  })
})

describe("a case's repository", () => {
  const signal = new AbortController().signal

  it('is one commit of its files, the same each time', async () => {
    await using folder = await temporaryFolder()
    const options = { base: join(evals, 'repair'), out: folder.path, env: process.env, signal }
    const one = made({ id: 'chalk', files: '../context/chalk-esm/base' })
    const heads = []
    for (let run = 0; run < 2; run += 1) {
      const root = await caseRepository(one, options)
      heads.push((await execa({ cwd: root })`git rev-parse HEAD^{commit}`).stdout)
      assert.equal((await execa({ cwd: root })`git status --porcelain`).stdout, '')
    }
    assert.equal(heads[0], heads[1])
  })

  it('is fetched at its commit, with nothing checked out, from a copy; what is not to be had is said', async () => {
    await using folder = await temporaryFolder()
    const copy = join(folder.path, 'copies', 'owner', 'name.git')
    await mkdir(copy, { recursive: true })
    const git = execa({ cwd: copy, env: { GIT_CONFIG_GLOBAL: '/dev/null' } })
    await git`git init --quiet`
    await git`git config uploadpack.allowAnySHA1InWant true`
    await writeFile(join(copy, 'a.txt'), 'one\n')
    await git`git add a.txt`
    await git`git -c user.name=a -c user.email=a@example.com commit --quiet -m one`
    const commit = (await git`git rev-parse HEAD`).stdout
    const base = { base: '', out: join(folder.path, 'out'), env: process.env, signal }
    const options = { ...base, copies: join(folder.path, 'copies') }
    const one = made({ files: undefined, repository: 'owner/name', commit } as Partial<RepairCase>)
    const root = await caseRepository(one, options)
    assert.equal((await execa({ cwd: root })`git rev-parse HEAD`).stdout, commit)
    await assert.rejects(readFile(join(root, 'a.txt')))
    const inside = await caseRepository({ ...one, folder: 'part/of' }, options)
    assert.equal((await execa({ cwd: inside })`git rev-parse --show-prefix`).stdout, 'part/of/')
    await writeFile(join(copy, 'a.txt'), 'two\n')
    await git`git -c user.name=a -c user.email=a@example.com commit --quiet --all -m two`
    const update = (await git`git rev-parse HEAD`).stdout
    const early = await caseRepository({ ...one, commit: update, before: true }, options)
    assert.equal((await execa({ cwd: early })`git rev-parse HEAD`).stdout, commit, 'before the update')
    const first = { ...one, before: true as const }
    await assert.rejects(caseRepository(first, options), /is not to be had/, 'nothing is before the first')
    const gone = { ...one, commit: 'f'.repeat(40) }
    await assert.rejects(caseRepository(gone, options), /owner\/name at ffffffffffff is not to be had/)
  })
})

describe('the result of a case', () => {
  const played = (repairs: boolean) => made({ played: { patch: 'p', repairs } })

  it('holds what the checks say against what is known of the patch', () => {
    const repaired = resultOf(played(true), 'r', view('review'))
    assert.deepEqual([repaired.end, repaired.byChecks, repaired.truth], ['repaired', true, 'right'])
    assert.equal(resultOf(played(false), 'r', view('review')).truth, 'false green')
    const failed = resultOf(played(true), 'r', view('failed'))
    assert.deepEqual([failed.end, failed.truth], ['not repaired', 'false red'])
    assert.equal(resultOf(played(false), 'r', view('failed')).truth, 'right')
    assert.equal(resultOf(made(), 'r', view('review')).truth, null)
  })

  it('counts a repair that the judge vetoed as one, and says so', () => {
    const { end, vetoed } = resultOf(made(), 'r', view('vetoed'))
    assert.deepEqual([end, vetoed], ['repaired', true])
  })

  it('is none where somebody ended it, or the model was not there', () => {
    const { failure } = failures.modelUnavailable('the connection failed')
    assert.ok(saysNothing(view('cancelled')) && saysNothing({ outcome: 'setup-failed', failure }))
    assert.ok(!saysNothing(view('review')) && !saysNothing(view('failed')))
  })

  it('is none of the agent where it was not asked', () => {
    assert.equal(resultOf(played(true), 'r', view('not-verified')).end, 'nothing broke')
    assert.equal(resultOf(played(true), 'r', view('cancelled')).truth, null)
  })
})

describe('the score of repairs', () => {
  const set: RepairSet = {
    ...{ title: 'A set', source: 'Made.', base: '' },
    cases: ['a', 'b', 'c', 'd'].map((id) => made({ id })),
  }
  const result = (id: string, more: Partial<CaseResult>): CaseResult => ({
    ...withoutSession(made({ id }), 'r', 'repaired', ''),
    ...{ attempts: 1, byChecks: true, byBuild: true, class: 'TEST_FAILURE', ...more },
  })
  const results = [
    result('a', { truth: 'right', costUsd: 0.5 }),
    result('b', {
      ...{ end: 'not repaired', byChecks: false, byBuild: false, class: 'COMPILATION_FAILURE' },
      truth: 'false red',
    }),
    result('c', { end: 'stopped', attempts: 0, reason: 'a | b\nc' }),
  ]

  it('is the share of the cases in which an agent was asked, whole and by class', () => {
    const score = scoreRepairs(set, results)
    assert.deepEqual([score.repaired.part, score.repaired.whole, score.run, score.cases], [1, 2, 3, 4])
    assert.deepEqual([score.falseRed?.part, score.falseGreen?.part, score.byBuildAlone.part], [1, 0, 1])
    assert.equal(score.byClass.COMPILATION_FAILURE?.repaired.rate, 0)
    assert.equal(scoreRepairs(set, [result('a', { truth: null })]).falseGreen, null)
  })

  it('is a page on which what was not run says so', () => {
    const by = { version: '1.0.0', model: 'm', prompt: 'f'.repeat(64), played: false }
    const known = new Map(results.map((one) => [one.id, one]))
    const page = repairPage(set, known, scoreRepairs(set, results), by)
    assert.match(page, /\| d \| x@2 \| not run \|/)
    assert.match(page, /\| b \| x@2 \| not repaired \(\*\*false red\*\*\) \|/)
    assert.match(
      page,
      /\| all \| 3 \| 50\.0 % \(1 of 2, interval 9\.5 to 90\.5\) \| 50\.0 % \| not known \| 50\.0 % \| 0 \| 0 of 2 \| 1 of 2 \|/,
    )
    assert.match(page, /a \\\| b c/)
    const alone = result('a', { byChecks: false, outcome: 'verification-failed', reason: '2 tests broken.' })
    const told = repairPage(set, new Map([['a', alone]]), scoreRepairs(set, [alone]), by)
    assert.match(told, /\| a \| x@2 \| repaired \|.+verification-failed: 2 tests broken\./)
    const unproven = result('a', { byTests: false, outcome: 'awaiting-review', reason: 'No test proves it.' })
    const one = repairPage(set, new Map([['a', unproven]]), scoreRepairs(set, [unproven]), by)
    assert.match(one, /\| a \| x@2 \| repaired \|.+No test proves it\./)
    assert.match(one, /\| 100\.0 % \| 0\.0 % \| 100\.0 % \| 0 \|/)
    assert.match(page, /Repaired is what every check passes\./)
    const byBuild = { ...set, cases: set.cases.map((one) => ({ ...one, judged: 'build' as const })) }
    assert.match(
      repairPage(byBuild, known, scoreRepairs(byBuild, results), by),
      /what the build alone passes/,
    )
  })
})

describe('the played repairs', () => {
  it('answer with the edits of the case that the message names', async () => {
    const set = await readSet(join(evals, 'repair'))
    const { agent } = await players(set)
    const ask = (content: string, more: readonly { role: 'user' | 'assistant'; content: string }[] = []) =>
      agent({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content }, ...more] })
    const paths = (turn: ReturnType<typeof ask>) => turn.toolUses?.map(({ input }) => Object(input).path)
    assert.deepEqual(paths(ask('# chalk was updated from 4.1.2 to 5.3.0\n')), [
      'src/paint.js',
      'src/report.js',
    ])
    assert.deepEqual(ask('# mkdirp was updated from 0.5.6 to 3.0.1\n').toolUses?.[0]?.input, {
      ...{ path: 'test/folder.test.js', delete: true },
    })
    await using folder = await temporaryFolder()
    const patch = (path: string) => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`
    for (const name of ['one', 'two'])
      await writeFile(
        join(folder.path, `${name}.diff`),
        `diff --git a/${name}.ts b/${name}.ts\n${patch(`${name}.ts`)}`,
      )
    const cases = ['one', 'two'].map((id) => made({ id, played: { patch: `${id}.diff`, repairs: true } }))
    const twice = await players({ title: 'Twice', source: '', base: folder.path, cases })
    const messages = [
      { role: 'user' as const, content: '# x was updated from 1.0.0 to 2.4.0\n\ntwo.ts:3 fails' },
    ]
    const told = twice.agent({ model: 'm', max_tokens: 1, messages })
    assert.equal(Object(told.toolUses?.[0]?.input).path, 'two.ts')
    assert.equal(ask('Update nothing').stopReason, 'end_turn')
  })
})
