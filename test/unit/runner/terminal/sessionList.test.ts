import assert from 'node:assert/strict'
import { colors } from '../../../../src/runner/terminal/colors.ts'
import { type SessionLine, sessionList } from '../../../../src/runner/terminal/sessionList.ts'

const waiting: SessionLine = {
  ...{ id: '20261130-052959-pfnsdm', state: 'green without a test, 4 warnings' },
  ...{ repository: 'clipboard-manager', task: 'Update glob to ^10.3.12' },
  ...{ started: '47m ago', cost: '$0.03', why: '' },
}
const failed: SessionLine = { ...waiting, state: 'verification failed', why: 'The build fails.' }

describe('the list of sessions', () => {
  it('has a line each where there is room', () => {
    const lines = sessionList([waiting, failed], colors(false), 160).split('\n')
    assert.equal(lines.length, 3)
    assert.match(lines[0] ?? '', /^session +state +repository +task +started +cost +why/)
  })

  it('is read whole on a narrow terminal: the state first, what belongs to it below', () => {
    assert.equal(
      sessionList([waiting, failed], colors(false), 80),
      [
        '20261130-052959-pfnsdm  green without a test, 4 warnings',
        '  Update glob to ^10.3.12 · clipboard-manager · 47m ago · $0.03',
        '20261130-052959-pfnsdm  verification failed',
        '  Update glob to ^10.3.12 · clipboard-manager · 47m ago · $0.03',
        '  The build fails.',
      ].join('\n'),
    )
  })

  it('is never wider than the terminal', () => {
    for (const columns of [40, 60, 120, 160])
      for (const line of sessionList([waiting, failed], colors(false), columns).split('\n'))
        assert.ok(line.trimEnd().length <= columns, `${columns}: ${line}`)
  })

  it('names a damaged one without what is not known of it', () => {
    const nothing = { repository: '', task: '', started: '', cost: '' }
    const damaged = { ...waiting, ...nothing, state: 'damaged', why: 'Line 3 is cut.' }
    assert.equal(
      sessionList([damaged], colors(false), 80),
      '20261130-052959-pfnsdm  damaged\n  Line 3 is cut.',
    )
  })
})
