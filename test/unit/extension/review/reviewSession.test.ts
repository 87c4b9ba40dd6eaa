import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Event } from '../../../../src/contract/events.ts'
import { failures } from '../../../../src/contract/failures.ts'
import type { RunRequest } from '../../../../src/contract/runRequest.ts'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import type { MessageToPanel } from '../../../../src/contract/webviewMessages.ts'
import { drop, keep } from '../../../../src/extension/review/dropped.ts'
import { ReviewFold } from '../../../../src/extension/review/fold.ts'
import { pageHtml } from '../../../../src/extension/review/page.ts'
import { patchedText } from '../../../../src/extension/review/patched.ts'
import { ReviewSession } from '../../../../src/extension/review/reviewSession.ts'
import { before, overreaching } from '../../../support/panel/files.ts'
import { longSession } from '../../../support/panel/large.ts'
import type { SessionLog } from '../../../support/panel/log.ts'
import { previewWith } from '../../../support/panel/preview.ts'
import { fixtureSessions } from '../../../support/panel/sessions.ts'
import { droppedRed, rareSessions } from '../../../support/panel/states.ts'
import { patchOf } from '../../../support/patches.ts'

const fixtures = resolve(import.meta.dirname, '../../../fixtures/sessions')

/** The review of a log of which the first `read` events have been read. */
function open(log: SessionLog, read = log.events.length) {
  const [posted, asked]: [MessageToPanel[], RunRequest[]] = [[], []]
  const [opened, keys]: [string[], boolean[]] = [[], []]
  const problems: ((error: unknown) => void)[] = []
  const listeners: ((events: readonly Event[], fromStart: boolean, more: boolean) => void)[] = []
  const refuse = () => Promise.reject(new Error('nothing is opened here'))
  const session = new ReviewSession(
    {
      store: {
        follow: (_, onEvents, onProblem) => {
          listeners.push(onEvents)
          if (onProblem !== undefined) problems.push(onProblem)
          onEvents(log.events.slice(0, read), true, read < log.events.length)
          return { dispose: () => listeners.pop() }
        },
        artifact: async (_, digest) => log.artifacts.get(digest) ?? refuse(),
      },
      runner: {
        ask: async (request) => {
          asked.push(request)
          return { session: log.id }
        },
        cancel: refuse,
        preview: (_, wording) => previewWith(sessionView(log.events), wording),
        checkOut: async (id) => `/worktrees/${id}`,
      },
      editor: {
        openDiff: refuse,
        openFile: refuse,
        openBase: async (path, line) => void opened.push(`${path}:${line}`),
        openLink: refuse,
        openLog: refuse,
        openExchange: async (title, digest) => void opened.push(`${title} ${digest}`),
        openReview: (id) => void opened.push(id),
        key: async () => keys.shift() ?? false,
        mend: refuse,
        openFolder: async (path) => void opened.push(path),
      },
      post: (message) => posted.push(message),
    },
    log.id,
  )
  const readOn = (): void => listeners[0]?.(log.events.slice(read), false, false)
  const damaged = (): void => problems[0]?.(failures.badLog('events.jsonl', read + 1, 'it is no event'))
  return { session, posted, asked, opened, keys, readOn, damaged }
}

const fixture = (name: string): SessionLog => {
  const log = fixtureSessions().get(name)
  assert.ok(log)
  return log
}

const digestOf = (log: SessionLog): string =>
  log.events.flatMap((event) => (event.type === 'patch.made' ? [event.patch.digest] : [])).at(-1) ?? ''

describe('ReviewSession', () => {
  it('shows the exact request and reply of a turn, opens it whole, and says where it cannot be read', async () => {
    const log = fixture('review')
    const { session, posted, opened } = open(log)
    await session.receive({ type: 'ready' })
    const heard = () => posted.flatMap((message) => (message.type === 'exchange' ? [message] : []))
    for (const index of [0, 1, 999]) await session.receive({ type: 'showExchange', index })
    assert.deepEqual(
      heard().map(({ index }) => index),
      [1],
      'the first turn kept none',
    )
    const [shown] = heard()
    assert.equal(
      shown?.parts.find(({ title }) => title === 'Request: message 1, user')?.text.slice(0, 6),
      'Update',
    )
    await session.receive({ type: 'openExchange', index: 1 })
    const [digest = ''] = log.events.flatMap((event) =>
      event.type === 'agent.turn' ? (event.exchange ?? []) : [],
    )
    assert.deepEqual(opened, [`Attempt 1, turn 2: request and reply ${digest}`])
    log.artifacts.set(digest, Buffer.from('{"v":1}'))
    await session.receive({ type: 'showExchange', index: 1 })
    assert.deepEqual(heard().at(-1), {
      type: 'exchange',
      index: 1,
      parts: [],
      problem: 'the artifact is no request and reply',
    })
  })

  it('says nothing before the page is ready, then everything', async () => {
    const { session, posted } = open(fixture('review'))
    assert.deepEqual(posted, [])
    await session.receive({ type: 'ready' })
    await new Promise(setImmediate)
    assert.deepEqual(
      posted.map(({ type }) => type),
      ['review', 'patch', 'turns'],
    )
    session.dispose()
  })

  it('shows and hears nothing of a log that is half read: what it says may be void', async () => {
    const log = fixture('review')
    const digest = digestOf(log)
    log.emit({ type: 'stage.started', stage: 'verify', role: 'dropped' })
    const { session, posted, asked, readOn } = open(log, log.events.length - 1)
    await session.receive({ type: 'ready' })
    await session.receive({ type: 'approve', digest, acknowledged: [] })
    assert.deepEqual([posted, asked], [[], []])
    readOn()
    const [first] = posted
    assert.equal(first?.type === 'review' && first.review.settled, false)
    await session.receive({ type: 'approve', digest, acknowledged: [] })
    assert.deepEqual(asked, [])
    session.dispose()
  })

  it('opens a line that a warning names, and no other one', async () => {
    const log = rareSessions().get('not-run')
    assert.ok(log)
    const { session, posted, opened } = open(log)
    await session.receive({ type: 'openWarned', path: 'examples/checkout/main.ts', line: 7 })
    await session.receive({ type: 'openWarned', path: 'examples/checkout/main.ts', line: 8 })
    assert.deepEqual(opened, ['examples/checkout/main.ts:7'])
    const failed = posted.flatMap((message) => (message.type === 'failed' ? [message.failure.message] : []))
    assert.deepEqual(failed, [failures.noSuchFile('examples/checkout/main.ts').failure.message])
    session.dispose()
  })

  it('goes on with a session that lacked a key in its own place, once there is one', async () => {
    const log = rareSessions().get('needs-key')
    assert.ok(log)
    const { session, posted, asked, opened, keys } = open(log)
    await session.receive({ type: 'goOn' })
    assert.deepEqual([asked, opened], [[], []])
    keys.push(true)
    await session.receive({ type: 'goOn' })
    assert.deepEqual(asked, [{ do: 'retry', session: log.id }])
    assert.deepEqual(opened, [log.id])
    assert.ok(posted.every(({ type }) => type !== 'failed'))
    session.dispose()
  })

  it('refuses to drop the manifest from its own update, and what is written from it, at once', async () => {
    const log = fixture('review')
    const { session, posted, asked } = open(log)
    await session.receive({ type: 'ready' })
    const digest = digestOf(log)
    await session.receive({ type: 'dropFile', digest, path: 'package.json' })
    await session.receive({ type: 'dropFile', digest, path: 'package-lock.json' })
    await session.receive({ type: 'dropHunk', digest, path: 'package-lock.json', hunk: 0 })
    const failed = posted.flatMap((said) => (said.type === 'failed' ? [said.failure.code] : []))
    assert.deepEqual([failed, asked], [['patch-refused', 'patch-refused', 'patch-refused'], []])
    session.dispose()
  })

  it('says that a log is damaged to a page that was not there yet, and shows no part of it', async () => {
    const { session, posted, damaged } = open(fixture('review'), 5)
    damaged()
    posted.length = 0
    await session.receive({ type: 'ready' })
    assert.deepEqual(
      posted.map((said) => said.type === 'failed' && said.failure.code),
      ['bad-log'],
    )
    session.dispose()
  })

  it('sends the first turns of many ahead of the others, each once', async () => {
    const { session, posted } = open(longSession())
    await session.receive({ type: 'ready' })
    await new Promise(setImmediate)
    const parts = () => posted.flatMap((said) => (said.type === 'turns' ? [said.turns] : []))
    const sizes = () => parts().map(({ length }) => length)
    assert.deepEqual(sizes(), [100])
    // The page has drawn them.
    await session.receive({ type: 'showTurns' })
    assert.deepEqual(sizes(), [100, 5000, 4898])
    assert.deepEqual(
      parts()
        .flat()
        .map(({ index }) => index),
      Array.from({ length: 9998 }, (_, at) => at),
    )
    session.dispose()
  })

  it('hears nothing that is not in the schema', async () => {
    const { session, posted, asked } = open(fixture('review'))
    for (const said of [undefined, 'approve', { type: 'run', command: 'x' }, { type: 'cancel', extra: 1 }])
      await session.receive(said)
    assert.deepEqual([posted, asked], [[], []])
    session.dispose()
  })

  const refusals: readonly (readonly [string, (digest: string) => object, string])[] = [
    [
      'an approval without the ticks',
      (digest) => ({ type: 'approve', digest, acknowledged: [] }),
      'session-state',
    ],
    [
      'an approval of another patch',
      () => ({ type: 'approve', digest: 'e'.repeat(64), acknowledged: [] }),
      'approval-void',
    ],
    [
      'a file that the patch does not change',
      () => ({ type: 'openFile', path: '.git/config' }),
      'session-state',
    ],
    ['a log of no step', () => ({ type: 'openLog', log: 'e'.repeat(64) }), 'session-state'],
    [
      'a hunk of another patch',
      () => ({ type: 'dropHunk', digest: 'e'.repeat(64), path: 'src/orders.ts', hunk: 0 }),
      'approval-void',
    ],
  ]
  for (const [what, message, code] of refusals) {
    it(`refuses ${what}, whatever the page thinks`, async () => {
      const log = fixture('warnings')
      const { session, posted, asked } = open(log)
      await session.receive(message(digestOf(log)))
      assert.deepEqual(asked, [])
      assert.deepEqual(
        posted.map((said) => said.type === 'failed' && said.failure.code),
        [code],
      )
      session.dispose()
    })
  }

  it('refuses an approval while parts are dropped', async () => {
    const log = fixture('review')
    const { session, posted, asked } = open(log)
    const digest = digestOf(log)
    await session.receive({ type: 'dropFile', digest, path: 'src/orders.ts' })
    await session.receive({ type: 'approve', digest, acknowledged: [] })
    assert.equal(posted.filter(({ type }) => type === 'failed').length, 1)
    await session.receive({ type: 'verifyDropped', digest })
    assert.deepEqual(asked, [{ do: 'drop', session: log.id, digest, dropped: [{ path: 'src/orders.ts' }] }])
    session.dispose()
  })
})

describe('ReviewSession, parts dropped', () => {
  const review = (posted: readonly MessageToPanel[]) => {
    const said = posted.findLast((message) => message.type === 'review')
    assert.ok(said?.type === 'review')
    return said.review
  }

  it('takes from the page what was dropped before the window was loaded again, as far as it is about the patch', async () => {
    const log = fixture('review')
    const { session, posted, asked } = open(log)
    const [digest, orders] = [digestOf(log), { path: 'src/orders.ts' }]
    const parts = [{ path: 'src/orders.ts', hunk: 0 }, orders, { path: 'src/other.ts' }]
    await session.receive({ type: 'ready', dropped: { digest, parts } })
    assert.deepEqual(review(posted).dropped, [orders])
    await session.receive({ type: 'ready', dropped: { digest, parts: [] } }) // what it knows itself counts
    assert.deepEqual(review(posted).dropped, [orders])
    await session.receive({ type: 'approve', digest, acknowledged: [] })
    assert.equal(posted.filter(({ type }) => type === 'failed').length, 1)
    await session.receive({ type: 'verifyDropped', digest })
    assert.deepEqual(asked, [{ do: 'drop', session: log.id, digest, dropped: [orders] }])
    session.dispose()
  })

  it('forgets what was dropped of another patch, and hears no way out of the repository', async () => {
    const log = fixture('review')
    const { session, posted } = open(log)
    const parts = [{ path: 'src/orders.ts' }]
    await session.receive({ type: 'ready', dropped: { digest: digestOf(log), parts: [{ path: '../x' }] } })
    assert.deepEqual(posted, [])
    await session.receive({ type: 'ready', dropped: { digest: 'e'.repeat(64), parts } })
    assert.deepEqual(review(posted).dropped, [])
    session.dispose()
  })

  it('takes dropped parts back by the digest of the patch before them', async () => {
    const log = droppedRed('20260304-090000-bbbbb1')
    const { session, posted, asked } = open(log)
    await session.receive({ type: 'ready' })
    const digest = digestOf(fixture('review'))
    assert.deepEqual(review(posted).earlier, { digest, approvable: true })
    await session.receive({ type: 'takeBack', digest }) // not the one on show
    assert.deepEqual(asked, [])
    await session.receive({ type: 'takeBack', digest: digestOf(log) })
    assert.deepEqual(asked, [{ do: 'restore', session: log.id, digest }])
    session.dispose()
  })
})

describe('ReviewFold', () => {
  it('shows the messages of the tests of the patch that is on show', () => {
    const fold = new ReviewFold()
    const log = droppedRed('20260304-090000-bbbbb1')
    fold.add(log.events)
    const failed = 'test/catalogue.test.ts › Catalogue › finds a product'
    assert.ok(fold.testMessages.some(({ id }) => id === failed))
    const { earlier } = fold
    assert.ok(earlier !== undefined)
    log.emit(earlier)
    fold.add(log.events.slice(-1))
    assert.ok(!fold.testMessages.some(({ id }) => id === failed))
    assert.deepEqual([fold.settled, fold.earlier], [true, undefined])
  })

  it('is settled at an outcome, not while a verification or a new patch follows it', () => {
    const fold = new ReviewFold()
    const { events } = fixture('review')
    fold.add(events.slice(0, -1))
    assert.equal(fold.settled, false)
    fold.add(events.slice(-1))
    assert.equal(fold.settled, true)
    const started = { v: 1, seq: 99, time: '2026-03-04T10:00:00.000Z', type: 'stage.started' } as const
    fold.add([{ ...started, stage: 'publish' }])
    assert.equal(fold.settled, true)
    fold.add([{ ...started, stage: 'verify', role: 'dropped' }])
    assert.equal(fold.settled, false)
  })

  it('tells of a turn again when its tool has answered', () => {
    const fold = new ReviewFold()
    fold.add(fixture('running').events)
    assert.deepEqual(fold.takeChangedTurns().at(-1)?.actions, [
      { text: 'Editing src/orders.ts +1 −1', status: 'running' },
    ])
    assert.deepEqual(fold.takeChangedTurns(), [])
    const answer = {
      type: 'agent.toolResult',
      attempt: 1,
      turn: 4,
      id: 'call-1-3',
      isError: true,
      text: 'no',
    } as const
    fold.add([{ v: 1, seq: 99, time: '2026-03-04T10:00:00.000Z', ...answer }])
    assert.deepEqual(
      fold.takeChangedTurns().map(({ index, actions }) => [index, actions[0]?.status]),
      [[3, 'error']],
    )
    assert.equal(fold.turn(3)?.calls[0]?.result?.text, 'no')
  })
})

describe('parts of the review', () => {
  it('drops and keeps by hunk and by file', () => {
    const two = drop(drop([], { path: 'a', hunk: 0 }), { path: 'a', hunk: 2 })
    assert.deepEqual(keep(two, { path: 'a', hunk: 0 }), [{ path: 'a', hunk: 2 }])
    assert.deepEqual(drop(two, { path: 'a' }), [{ path: 'a' }])
    assert.deepEqual(drop([{ path: 'a' }], { path: 'a', hunk: 1 }), [{ path: 'a' }])
    assert.deepEqual(keep(two, { path: 'a' }), [])
  })

  it('makes every file of a patch from its former text, as it is meant to be', () => {
    const patch = patchOf(before, overreaching)
    for (const file of patch.files)
      assert.equal(patchedText(before[file.path], file, patch.text, patch.files), overreaching[file.path])
  })

  it('has nothing of a session in its document', () => {
    const html = pageHtml({ script: 'run()', style: '.a{}', nonce: 'n"><b>' })
    assert.match(html, /default-src 'none'; script-src 'nonce-n/)
    assert.ok(!html.includes('<b>'))
  })

  it('is one document: its script ends where it ends', () => {
    const script = 'const comment = /<!--/, tag = "<script >"'
    const html = pageHtml({ script, style: '', nonce: 'n' })
    assert.ok(!html.includes('<!--'))
    assert.ok(html.includes('const comment = /<\\x21--/, tag = "<script >"</script>'))
    assert.doesNotMatch(html, /(src|href)=/)
  })

  it('is shown with fixtures that are as the script writes them', async () => {
    for (const [name, log] of fixtureSessions()) {
      assert.equal(await readFile(resolve(fixtures, `${name}.jsonl`), 'utf8'), log.text, name)
      for (const [digest, bytes] of log.artifacts)
        assert.deepEqual(await readFile(resolve(fixtures, 'artifacts', digest)), bytes)
    }
  })
})
