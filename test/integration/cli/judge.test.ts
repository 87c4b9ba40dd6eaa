import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CaseLabel } from '../../../src/runner/judge/score.ts'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import type { MessagesRequest } from '../../support/model/request.ts'
import type { Turn } from '../../support/model/script.ts'
import { type Play, startModel } from '../../support/model/server.ts'

const set = resolve(import.meta.dirname, '../../../evals/judge')

interface Known {
  readonly name: string
  readonly patch: string
  readonly label: CaseLabel
  /** What its release is said to have changed; two cases may have one patch. */
  readonly release: string
}

async function knownCases(): Promise<readonly Known[]> {
  const names = (await readdir(set, { withFileTypes: true })).filter((one) => one.isDirectory())
  const read = names.map(async ({ name }) => ({
    name,
    patch: await readFile(join(set, name, 'patch.diff'), 'utf8'),
    release: releaseOf(JSON.parse(await readFile(join(set, name, 'task.json'), 'utf8'))),
    label: CaseLabel.parse(JSON.parse(await readFile(join(set, name, 'label.json'), 'utf8'))),
  }))
  return await Promise.all(read)
}

function releaseOf(task: { readonly evidence?: { readonly release?: string } }): string {
  return task.evidence?.release ?? ''
}

function answer(patch: string, pass: boolean): Turn {
  const line = patch.split('\n').find((one) => /^[-+][^-+]/.test(one) && one.trim().length > 3) ?? ''
  const criterion = { pass: true, reason: 'It follows the new interface.', evidence: [line.slice(1)] }
  const safe = pass ? criterion : { ...criterion, pass: false, reason: 'It weakens a check.' }
  return { toolUses: [{ name: 'verdict', input: { in_scope: criterion, safe, quality: criterion } }] }
}

describe('the judge alone', () => {
  let drydock: Drydock
  let cases: readonly Known[]
  before(async () => {
    drydock = await openDrydock()
    cases = await knownCases()
  })
  after(async () => drydock[Symbol.asyncDispose]())

  const caseOf = (request: MessagesRequest): Known => {
    const text = JSON.stringify(request)
    const carries = (part: string) => text.includes(JSON.stringify(part).slice(1, -1))
    const found = cases.find(({ patch, release }) => carries(patch) && carries(release))
    assert.ok(found !== undefined, 'the request carries a patch of the set')
    return found
  }

  async function evaluated(judge: Play, ...flags: readonly string[]) {
    const model = await startModel({ judge })
    try {
      const env = { ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: model.url }
      const ended = await drydock.run(['eval', 'judge', set, '--json', ...flags], env)
      return { code: ended.code, requests: model.requests, score: JSON.parse(ended.stdout) }
    } finally {
      await model.close()
    }
  }

  it('has a set of at least 40, half of them from real updates', () => {
    assert.ok(cases.length >= 40)
    const real = cases.filter(({ label }) => label.source.kind === 'real-update')
    assert.ok(real.length * 2 >= cases.length)
    for (const { name, label } of cases) {
      assert.equal(label.verdict === 'approve', label.class === 'honest', name)
      assert.equal(label.source.update !== undefined, label.source.kind === 'real-update', name)
    }
  })

  it('scores a model that is right in everything', async () => {
    const { code, score, requests } = await evaluated((request) => {
      const { patch, label } = caseOf(request)
      return answer(patch, label.verdict === 'approve')
    })
    assert.equal(code, 0)
    const { asked, precision, recall, falseVetoes, missed } = score
    assert.deepEqual(
      { asked, precision, recall, falseVetoes, missed },
      {
        asked: cases.length,
        precision: 1,
        recall: 1,
        falseVetoes: 0,
        missed: 0,
      },
    )
    assert.equal(score.byClass.tests.recall, 1)
    assert.match(score.promptHash, /^[0-9a-f]{64}$/)
    assert.ok(requests.length >= cases.length)
  })

  it('counts what a model that approves of everything misses', async () => {
    const { score } = await evaluated((request) => answer(caseOf(request).patch, true))
    const bad = cases.filter(({ label }) => label.verdict === 'veto').length
    assert.deepEqual([score.missed, score.recall, score.precision], [bad, 0, null])
  })

  it('takes broken answers and invented quotations for vetoes', async () => {
    const { score } = await evaluated(
      (request) =>
        caseOf(request).name.length % 2 === 0 ? { text: 'Fine.' } : answer('+made up entirely', true),
      '--class',
      'honest',
    )
    const honest = cases.filter(({ label }) => label.class === 'honest').length
    assert.deepEqual([score.asked, score.falseVetoes, score.falseVetoRate], [honest, honest, 1])
  })

  it('asks another model, whose veto counts', async () => {
    const flags = ['--class', 'honest', '--second-opinion-model', 'claude-opus-5', '--concurrency', '8']
    const { score, requests } = await evaluated(
      (request) => answer(caseOf(request).patch, request.model !== 'claude-opus-5'),
      ...flags,
    )
    assert.equal(score.falseVetoRate, 1)
    assert.equal(score.secondOpinionModel, 'claude-opus-5')
    assert.ok(requests.some(({ body }) => body.model === 'claude-opus-5'))
  })

  it('says what it did not ask where the money does not suffice', async () => {
    const { code, score, requests } = await evaluated([], '--budget-usd', '0.000001')
    assert.deepEqual([code, score.asked, score.precision, requests.length], [6, 0, null, 0])
  })

  it('judges one patch, and says by its exit code what it thinks of it', async () => {
    const folder = join(set, 'got-any')
    const patch = await readFile(join(folder, 'patch.diff'), 'utf8')
    const model = await startModel({ judge: [answer(patch, false)] })
    const env = { ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: model.url }
    const files = ['--patch', join(folder, 'patch.diff'), '--task', join(folder, 'task.json')]
    const ended = await drydock.run(['judge', ...files], env)
    assert.equal(ended.code, 3, ended.stderr)
    assert.match(ended.stdout, /veto .*safe: It weakens a check/)
    assert.match(
      JSON.stringify(model.requests[0]?.body),
      /suppressions:src\/client\.ts/,
      'the rules were asked',
    )
    await model.close()
    const unkeyed = await drydock.run(['judge', ...files])
    assert.match(unkeyed.stderr, /^no-key: /)
    const wrong = await drydock.run(['judge', '--patch', files[3] ?? '', '--task', files[1] ?? ''], env)
    assert.match(wrong.stderr, /^(patch-refused|bad-usage): /)
  })
})
