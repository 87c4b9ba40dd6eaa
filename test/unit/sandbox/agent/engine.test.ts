import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FaultKind, Turn } from '../../../support/model/script.ts'
import { playEngine } from '../../../support/tools/engine.ts'

const read: Turn = { text: 'I look.', toolUses: [{ name: 'Read', input: { path: 'src/index.ts' } }] }
const edit: Turn = {
  toolUses: [
    { name: 'Edit', input: { path: 'src/index.ts', old: 'x = 1', new: 'x = 2' } },
    { name: 'Edit', input: { path: 'src/made.ts', old: '', new: 'export {}\n', create: true } },
  ],
}
const verify: Turn = { toolUses: [{ name: 'Verify', input: {} }] }
const end: Turn = { text: 'Done.' }

describe('the engine', function () {
  this.timeout(60_000)

  it('reads, edits, verifies and hands back the change', async () => {
    const run = await playEngine({
      agent: [read, edit, verify, end],
      verify: (diff) => ({ ok: true, text: `passes with ${diff.split('diff --git').length - 1} files` }),
    })
    assert.equal(run.exitCode, 0)
    assert.equal(run.done?.end, 'done')
    assert.equal(run.done?.turns, 4)
    assert.match(run.done?.diff ?? '', /-export const x = 1;\n\+export const x = 2;/)
    assert.match(run.done?.diff ?? '', /new file mode 100644\nindex 0{40}\.\./)
    assert.deepEqual(run.diffs, [run.done?.diff])
    const results = run.events.filter((event) => event.type === 'agent.toolResult')
    assert.equal(results.length, 4)
    assert.match(results[0]?.text ?? '', /export const x = 1/)
    assert.match(results[3]?.text ?? '', /passes with 2 files/)
  })

  it('carries out the calls of one reply in their order', async () => {
    const steps = Array.from({ length: 6 }, (_, n) => [
      { name: 'Edit', input: { path: 'src/index.ts', old: `x = ${n + 1}`, new: `x = ${n + 2}` } },
      { name: 'Bash', input: { command: 'head -n 1 src/index.ts' } },
    ])
    const run = await playEngine({ agent: [{ toolUses: steps.flat() }, end] })
    const results = run.events.flatMap((event) => (event.type === 'agent.toolResult' ? [event.text] : []))
    const seen = results.filter((_, at) => at % 2 === 1).map((text) => /x = (\d)/.exec(text)?.[1])
    assert.deepEqual(seen, ['2', '3', '4', '5', '6', '7'])
  })

  it('ends where the agent gives up, with its reason, after what it called besides', async () => {
    const reason = 'The library has no such function any more, and nothing takes its place.'
    const gives: Turn = {
      text: 'I take it back.',
      toolUses: [
        { name: 'GiveUp', input: { reason } },
        { name: 'Edit', input: { path: 'src/index.ts', old: 'x = 2', new: 'x = 1' } },
        { name: 'Edit', input: { path: 'src/made.ts', delete: true } },
      ],
    }
    const run = await playEngine({ agent: [edit, gives, end] })
    assert.equal(run.done?.end, 'cannot-repair')
    assert.equal(run.done?.diff, '')
    assert.deepEqual([run.gaveUp, run.account], [true, `I take it back.\n\n${reason}`])
    assert.equal(run.model.count('agent'), 2)
    assert.equal(run.events.filter((event) => event.type === 'agent.toolResult').length, 5)
  })

  it('does not take a call without a reason for an end', async () => {
    const gives: Turn = { toolUses: [{ name: 'GiveUp', input: { reason: ' ' } }] }
    const run = await playEngine({ agent: [gives, end] })
    assert.deepEqual([run.done?.end, run.gaveUp, run.account], ['done', false, 'Done.'])
  })

  it('sends the whole conversation each turn, with the same beginning', async () => {
    const run = await playEngine({ agent: [read, read, end] })
    const sent = run.model.requests.map((request) =>
      JSON.stringify(request.body.messages).replaceAll(/,"cache_control":\{[^}]*\}/g, ''),
    )
    assert.deepEqual(
      run.model.requests.map((request) => request.body.messages.length),
      [1, 3, 5],
    )
    assert.ok(sent[2]?.startsWith(sent[1]?.slice(0, -1) ?? ''))
  })

  it('ends at the turn limit with what it has, and logs the last results', async () => {
    const run = await playEngine({ agent: [edit, read, read], start: { maxTurns: 2 } })
    assert.equal(run.done?.end, 'turn-limit')
    assert.match(run.done?.diff ?? '', /x = 2/)
    assert.equal(run.events.filter((event) => event.type === 'agent.toolResult').length, 3)
  })

  it('keeps the change when the budget ends', async () => {
    const dear = { ...edit, usage: { input_tokens: 100_000, output_tokens: 1 } }
    const run = await playEngine({ agent: [dear, read], budgetUsd: 0.21 })
    assert.equal(run.end, 'budget')
    assert.equal(run.done?.end, 'budget')
    assert.match(run.done?.diff ?? '', /x = 2/)
  })

  it('asks to go on where an answer was cut off', async () => {
    const cut: Turn = { ...edit, text: 'Now I', stopReason: 'max_tokens' }
    const run = await playEngine({ agent: [cut, end] })
    assert.equal(run.done?.end, 'done')
    assert.equal(run.done?.diff, '')
    assert.match(JSON.stringify(run.model.requests[1]?.body.messages), /cut off at the output limit/)
  })

  it('makes room in a conversation that grows too long', async () => {
    const long: Turn = { toolUses: [{ name: 'Bash', input: { command: 'cat big.txt' } }] }
    const run = await playEngine({
      agent: [long, long, long, long, end],
      start: { compactAtBytes: 50_000 },
      prepare: (workspace) => writeFileSync(join(workspace, 'big.txt'), 'a line of text\n'.repeat(10_000)),
    })
    assert.equal(run.done?.end, 'done')
    const bytes = run.model.requests.map((request) => JSON.stringify(request.body.messages).length)
    assert.ok(Math.max(...bytes) < 100_000, String(bytes))
    assert.match(JSON.stringify(run.model.requests[4]?.body.messages), /left out to save room/)
  })

  it('starts from what an earlier attempt left', async () => {
    const run = await playEngine({
      agent: [end],
      prepare: (workspace) => writeFileSync(join(workspace, 'src/earlier.ts'), 'export {}\n'),
      start: { prior: { written: ['src/earlier.ts'], deleted: ['docs/guide.md'] } },
    })
    assert.match(run.done?.diff ?? '', /deleted file mode 100644/)
    assert.match(run.done?.diff ?? '', /b\/src\/earlier\.ts/)
  })

  it('leaves out of the change what the install left, and is not moved by hostile git files', async () => {
    const run = await playEngine({
      agent: [edit, { toolUses: [{ name: 'Git', input: { args: ['add', '-A'] } }] }, end],
      prepare: (workspace) => {
        writeFileSync(join(workspace, 'generated.log'), 'x')
        mkdirSync(join(workspace, 'node_modules/p'), { recursive: true })
        writeFileSync(join(workspace, 'node_modules/p/index.js'), 'x')
        writeFileSync(join(workspace, '.gitattributes'), '* filter=evil text eol=crlf diff=evil\n')
        execFileSync('git', ['config', 'filter.evil.clean', 'touch /tmp/never; cat'], { cwd: workspace })
        execFileSync('git', ['config', 'core.fsmonitor', 'touch /tmp/never'], { cwd: workspace })
        mkdirSync(join(workspace, 'nested'))
        execFileSync('git', ['init', '-q'], { cwd: join(workspace, 'nested') })
      },
    })
    const files = (run.done?.diff ?? '').match(/^diff --git .*$/gm)
    assert.deepEqual(files, [
      'diff --git a/src/index.ts b/src/index.ts',
      'diff --git a/src/made.ts b/src/made.ts',
    ])
  })

  it('ends in a name where the work tree has no objects', async () => {
    const run = await playEngine({
      agent: [end],
      prepare: (workspace) => rmSync(join(workspace, '.git'), { recursive: true }),
    })
    assert.equal(run.done?.end, 'agent-error')
  })

  const recovered: FaultKind[] = ['overloaded', 'bad-arguments', 'unknown-tool']
  for (const kind of recovered) {
    it(`goes on after ${kind}`, async () => {
      const run = await playEngine({ agent: [edit, end], faults: [{ request: 2, kind }] })
      assert.equal(run.done?.end, 'done')
      assert.match(run.done?.diff ?? '', /x = 2/)
    })
  }

  it('ends in model-error with its change when the model stays away', async () => {
    const run = await playEngine({ agent: [edit], faults: [{ request: 2, kind: 'overloaded', times: 50 }] })
    assert.deepEqual([run.end, run.done?.end], ['model-error', 'model-error'])
    assert.match(run.done?.diff ?? '', /x = 2/)
  })

  it('ends an endless tool loop at the turn limit', async () => {
    const run = await playEngine({ agent: [], faults: [{ request: 1, kind: 'endless-tools', times: 99 }] })
    assert.equal(run.done?.end, 'turn-limit')
    assert.equal(run.model.count('agent'), 10)
  })
})
