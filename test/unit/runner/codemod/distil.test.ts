import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import type Anthropic from '@anthropic-ai/sdk'
import { Codemod, codemodLine, maxCodemod } from '../../../../src/contract/codemod.ts'
import { Event } from '../../../../src/contract/events.ts'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { failures } from '../../../../src/contract/failures.ts'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import { applyCodemod, codeFor } from '../../../../src/runner/codemod/apply.ts'
import { distil, loadDistilPrompts } from '../../../../src/runner/codemod/distil.ts'
import { readCodemod, writeCodemod } from '../../../../src/runner/codemod/folder.ts'
import type { CompletionRequest } from '../../../../src/runner/gateway/model.ts'
import { pullRequestBody } from '../../../../src/runner/publish/body.ts'
import { codemodForUuid } from '../../../support/codemod.ts'
import { readGolden } from '../../../support/golden.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'

const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0 }
const from = { session: '20260101-000000-abcdef', package: 'uuid', to: '9.0.1', patch: 'a'.repeat(64) }
const request = { from, before: '3.4.0', failures: 'test: npm test', release: '', patch: 'diff --git a b\n' }

/** What a model that answers so leads to, and what it was asked. */
async function answered(content: readonly unknown[], remark = '') {
  const asked: CompletionRequest[] = []
  const made = await distil(
    {
      prompts: await loadDistilPrompts(resolve(import.meta.dirname, '../../../../prompts')),
      model: 'claude-sonnet-5-5',
      signal: new AbortController().signal,
      complete: async (one) => {
        asked.push(one)
        return { content: content as Anthropic.ContentBlock[], stopReason: 'tool_use', usage, costUsd: 0.01 }
      },
    },
    request,
    remark,
  )
  return { made, text: JSON.stringify(asked[0]?.messages) }
}

const { v: _, ...input } = codemodForUuid
const call = (input: unknown) => ({ type: 'tool_use', id: 't', name: 'codemod', input })

describe('distilling a repair', () => {
  it('takes one answer that fits, with where it comes from and what it cost', async () => {
    const { made } = await answered([call(input)])
    assert.deepEqual(made, { codemod: { ...codemodForUuid, from }, usage, costUsd: 0.01 })
  })

  it('says what is wrong with any other answer, whose cost counts all the same', async () => {
    const wrong: readonly (readonly unknown[])[] = [
      [{ type: 'text', text: 'I would rather not.' }],
      [call(input), call(input)],
      [call({ ...input, kind: 'sed' })],
      [call({ ...input, files: [] })],
      [call({ ...input, text: 'x'.repeat(maxCodemod + 1) })],
      [call({ ...input, from })],
    ]
    for (const content of wrong) {
      const { made } = await answered(content)
      assert.match('broken' in made ? made.broken : 'it was taken', /was not called as it should be/)
      assert.equal(made.costUsd, 0.01)
    }
  })

  it('puts data between markers that none of it holds, and the last failure into the next question', async () => {
    const { text } = await answered([call(input)], 'It changed nothing in this repository.')
    const [, marker = ''] = /marker ([0-9a-f]{32})/.exec(text) ?? []
    assert.equal(text.split(marker).length, 7)
    assert.match(text, /what was wrong with it\\nIt changed nothing in this repository\./)
  })
})

describe('the folder of a codemod', () => {
  it('is read as it was written, and never written over another one', async () => {
    await using folder = await temporaryFolder()
    for (const one of [
      codemodForUuid,
      { ...codemodForUuid, kind: 'script' as const, text: 'export default 1', from },
    ]) {
      const place = join(folder.path, one.kind)
      await writeCodemod(place, one)
      assert.deepEqual(await readCodemod(place), one)
      await assert.rejects(writeCodemod(place, one), /is not empty/)
    }
  })

  it('that holds no codemod is refused with what is wrong', async () => {
    await using folder = await temporaryFolder()
    const place = join(folder.path, 'one')
    const refusal = async (): Promise<string> => {
      const error = await readCodemod(place).catch((error: unknown) => error)
      assert.ok(error instanceof DrydockError && error.failure.code === 'bad-codemod', String(error))
      return error.failure.message
    }
    assert.match(await refusal(), /codemod\.json cannot be read/)
    const [description = '', rules = ''] = await writeCodemod(place, codemodForUuid)
    await writeFile(rules, '')
    assert.match(await refusal(), /rules\.yml: it is empty/)
    await writeFile(rules, 'x'.repeat(maxCodemod + 1))
    assert.match(await refusal(), /rules\.yml: it is longer than/)
    const known = JSON.parse(await readFile(description, 'utf8'))
    for (const wrong of [{ ...known, run: 'rm -rf /' }, { ...known, v: 2 }, []]) {
      await writeFile(description, JSON.stringify(wrong))
      assert.match(await refusal(), /^.*codemod\.json: /)
    }
  })
})

describe('what a codemod is given', () => {
  it('is code that its globs match: no manifest, configuration, CI file, link or large file', () => {
    const entry = (path: string, mode: '100644' | '120000' = '100644', size = 10) => ({
      path,
      mode,
      size,
      blob: 'b',
    })
    const entries = [
      ...['src/a.js', 'test/a.test.js', 'package.json', 'package-lock.json', 'jest.config.js'].map((path) =>
        entry(path),
      ),
      ...['.github/workflows/a.js', '.eslintrc.js', 'AGENTS.md', 'docs/a.js', 'tsconfig.json'].map((path) =>
        entry(path),
      ),
      ...[
        entry('src/link.js', '120000'),
        entry('src/large.js', '100644', 2 ** 21),
        entry('src/empty.js', '100644', 0),
      ],
    ]
    const given = codeFor({ files: ['**/*'] }, entries, []).map(({ path }) => path)
    assert.deepEqual(given, ['src/a.js', 'test/a.test.js'])
    assert.deepEqual(
      codeFor({ files: ['src/**'] }, entries, []).map(({ path }) => path),
      ['src/a.js'],
    )
  })
})

describe('a machine that cannot make the image of codemods', () => {
  it('has a reason, and no failed session', async () => {
    const entry = { path: 'src/a.js', mode: '100644', size: 10, blob: 'b' } as const
    const refuse = async () => {
      throw new Error('nothing is read')
    }
    const context = (error: unknown) => ({
      sandbox: { image: () => Promise.reject(error), start: refuse },
      repository: {
        entries: async () => [entry],
        archive: () => Readable.from([]),
        read: refuse,
        withFiles: refuse,
      },
      progress: () => {},
      signal: new AbortController().signal,
    })
    const failed = failures.imageBuildFailed('codemod', 'the registry gave other bytes')
    const made = await applyCodemod(context(failed), codemodForUuid, 'tree', [])
    assert.match('why' in made ? made.why : '', /the registry gave other bytes/)
    await assert.rejects(applyCodemod(context(failures.cancelled()), codemodForUuid, 'tree', []), /cancelled/)
  })
})

describe('the words about a codemod', () => {
  it('say what it came to, whose it is, and no more', async () => {
    const view = { title: 'Named exports', files: 2 }
    assert.equal(
      codemodLine({ ...view, result: 'covered', from: from.session }),
      `repaired by the codemod of session ${from.session}, which changed 2 files (Named exports)`,
    )
    assert.match(
      codemodLine({ ...view, result: 'worse', detail: 'a does not pass any more' }),
      /its change was dropped/,
    )
    for (const result of ['partly', 'nothing', 'worse', 'failed'] as const)
      assert.doesNotMatch(codemodLine({ ...view, result }), /^repaired/)
  })

  it('stand in the pull request, and a title of the model does nothing there', async () => {
    const lines = (await readGolden('events-v1-codemod.jsonl')).trimEnd().split('\n')
    const view = sessionView(lines.map((line) => Event.parse(JSON.parse(line))))
    assert.match(
      pullRequestBody(view, { notes: [] }),
      /it was `repaired by the codemod of session 20260101-000000-abcdef/,
    )
    const title = '@everyone ![x](https://evil.example.com) <b>'
    const { codemod } = view
    assert.ok(codemod !== undefined)
    const body = pullRequestBody({ ...view, codemod: { ...codemod, title } }, { notes: [] })
    assert.match(body, /`[^`\n]*@everyone !\[x\]\(https:\/\/evil\.example\.com\) <b>[^`\n]*`/)
  })

  it('are read by the schema that wrote them', () => {
    assert.deepEqual(Codemod.parse({ ...codemodForUuid, from }), { ...codemodForUuid, from })
  })
})
