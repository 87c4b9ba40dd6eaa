import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { noTests } from '../../../src/contract/report.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import type { BrokenBy } from '../../../src/contract/why.ts'
import { causeText, placeText } from '../../../src/contract/whyRows.ts'
import type { CommandContext } from '../../../src/runner/commands/context.ts'
import { show } from '../../../src/runner/commands/sessions.ts'
import { pullRequestBody } from '../../../src/runner/publish/body.ts'
import { noCallSites } from '../../../src/runner/repair/callSites.ts'
import { loadAgentPrompts, renderTask } from '../../../src/runner/repair/prompt.ts'
import { colors } from '../../../src/runner/terminal/colors.ts'
import { withCauses } from '../../../src/runner/verify/causes.ts'
import { failedStep, type LoadFailure, loadErrors, loadFailure } from '../../support/panel/loadErrors.ts'
import type { SessionLog } from '../../support/panel/log.ts'
import { writeSession } from '../../support/panel/openPanel.ts'
import { explained } from '../../support/panel/why.ts'

const id = '20260304-090000-bbbbb9'
const prompts = resolve(import.meta.dirname, '../../../prompts')

/** The first line of its words; a log may have more of them. */
function sentence(cause: BrokenBy): string {
  return causeText(cause).split('\n')[0] ?? ''
}

/** What the agent is told first of what fails. */
async function prompted({ report, matrix }: LoadFailure): Promise<string> {
  const { task } = sessionView(explained(id).events)
  assert.ok(task.kind === 'dependency-update')
  const update = { from: '1.0.0', to: '2.0.0', moves: [] }
  const found = { ...matrix, counts: noTests, breaks: [] }
  const input = { task, update, report, matrix: found, callSites: noCallSites }
  const text = renderTask(await loadAgentPrompts(prompts), input)
  const told = text.slice(text.indexOf('`the command`')).split('\n')
  return told.find((line) => line.startsWith('- '))?.slice(2) ?? ''
}

/** What `drydock show` prints. */
async function shown(log: SessionLog): Promise<readonly string[]> {
  const sessions = await mkdtemp(join(tmpdir(), 'drydock-show-'))
  try {
    const folder = await writeSession(sessions, log)
    await writeFile(join(folder, 'task.json'), JSON.stringify(sessionView(log.events).task))
    await mkdir(join(sessions, 'cache'))
    const printed: string[] = []
    const stdout = new Writable({ write: (chunk, _, done) => done(void printed.push(String(chunk))) })
    const context = { sessions, stdout, colors: colors(false), interactive: false, env: {} }
    await show(context as unknown as CommandContext, log.id, {})
    return printed.join('').split('\n')
  } finally {
    await rm(sessions, { recursive: true, force: true })
  }
}

/* The panel's part stands with the panel's other tests: `test/integration/panel`. */
describe('what cannot be loaded is told by its error', () => {
  for (const error of loadErrors) {
    it(`of ${error.what}`, async () => {
      const failure = loadFailure(error)
      const [first] = failure.causes
      assert.ok(first)
      const words = sentence(first)
      assert.match(words, error.begins)
      assert.equal(placeText(first.places[0] ?? {}), error.place)
      const log = explained(id, { failures: { list: [...failure.causes], more: 0 } })

      // Node's own form has the code in brackets.
      const told = (await prompted(failure)).replace(/^\w*Error \[(\w+)\]: /, '$1: ')
      assert.ok(told.startsWith(words), `the agent reads ${told}`)

      const lines = await shown(log)
      const head = lines.findIndex((line) => line.startsWith('Why it broke'))
      assert.ok(
        head > 0 && lines[head + 1]?.startsWith(`  ✖ ${words}`),
        `a terminal shows ${lines[head + 1]}`,
      )

      const body = pullRequestBody(sessionView(log.events), { notes: [] })
      const item = body.slice(body.indexOf('Why it broke')).split('\n')
      const cause = item.find((line) => line.startsWith('- ')) ?? ''
      assert.match(cause, /^- `+ ?/)
      assert.ok(cause.replace(/^- `+ ?/, '').startsWith(words), `a pull request says ${cause}`)
    })
  }

  it('in the list of tests as well, where a runner only says that a file failed', () => {
    const failed = failedStep({ log: 'npm/node-22-load-cjs', step: 'test' })
    const file = 'test/cart.test.js'
    const test = { id: file, file, outcome: 'failed' as const, durationMs: 1, message: 'test failed' }
    const other = { ...test, message: 'AssertionError: no' }
    const found = withCauses([test, other], [failed]).map(({ message }) => message)
    assert.match(found[0] ?? '', /ERR_PACKAGE_PATH_NOT_EXPORTED/)
    assert.equal(found[1], 'AssertionError: no')
  })
})
