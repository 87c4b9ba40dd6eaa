import assert from 'node:assert/strict'
import { join } from 'node:path'
import { priorOf } from '../../../src/runner/prior.ts'
import { createSession } from '../../../src/store/session.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { report, step } from '../../support/reports.ts'
import { sessionTask } from '../../support/sessionTask.ts'

const id = '20260101-000000-aaaaaa'

describe('what a retry is told', () => {
  it('is what spoke against the patch, with the words of the base’s tests', async () => {
    await using folder = await temporaryFolder()
    const sessions = join(folder.path, 'sessions')
    const held = await createSession(sessions, sessionTask(id), 'test', {
      control: { cancel: () => {}, isCancelling: () => false },
    })
    const summary = { category: 'TEST_FAILURE' as const, failures: [], text: 'says what is wrong: 3 == 4' }
    const failed = report({}, { role: 'overlay', steps: [step('test', 1, { summary })] })
    held.log.emit({ type: 'report.made', report: failed, attempt: 1 })
    const warning = { severity: 'acknowledge' as const, path: 'test/a.test.js' }
    held.log.emit({
      type: 'warning.raised',
      warning: {
        ...warning,
        code: 'objection:test/a.test.js',
        message: '1 test of before no longer passes.',
      },
    })
    held.log.emit({
      type: 'warning.raised',
      warning: { ...warning, code: 'test-kit:test/b.test.js', message: 'It cannot be loaded.' },
    })
    held.log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' })
    await held.release()
    const retry = { retry: { of: id, note: 'Keep the test.' } }
    const prior = await priorOf(sessions, sessionTask('20260101-000001-aaaaaa', retry))
    assert.deepEqual(prior?.said.split('\n'), [
      'The reviewer asks: Keep the test.',
      '1 test of before no longer passes.',
      "With the base's tests, configuration and scripts put back:",
      'says what is wrong: 3 == 4',
    ])
  })

  it('holds the threads that are to be answered: whoever tries again answers the same people', async () => {
    await using folder = await temporaryFolder()
    const sessions = join(folder.path, 'sessions')
    const threads = [{ id: 'beside:1', author: 'ada', path: 'a.js', line: 3, text: 'Why?', last: 1 }]
    const held = await createSession(sessions, sessionTask(id, { threads }), 'test', {
      control: { cancel: () => {}, isCancelling: () => false },
    })
    held.log.emit({ type: 'session.finished', outcome: 'vetoed', reason: 'No.' })
    await held.release()
    const prior = await priorOf(sessions, sessionTask('20260101-000001-aaaaaa', { retry: { of: id } }))
    assert.match(prior?.said ?? '', /as data\.[\s\S]*T1, ada beside a\.js:3:\nWhy\?$/)
  })
})
