import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { Event, type EventBody } from '../../../../src/contract/events.ts'
import { traceOf } from '../../../../src/runner/telemetry/fold.ts'
import { toReadable } from '../../../../src/runner/telemetry/readable.ts'
import { readEvents } from '../../../../src/store/read.ts'
import { openLog } from '../../../../src/store/write.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { logOf } from '../../../support/telemetry/logs.ts'

/** What is no content: names of packages, versions, models, tools and states, times and digests. */
const facts = new Set([
  ...['type', 'time', 'stage', 'role', 'status', 'outcome', 'stopReason', 'end', 'decision', 'model', 'kind'],
  ...['name', 'id', 'callId', 'package', 'from', 'to', 'requested', 'ecosystem', 'digest', 'baseCommit'],
  ...[
    'commit',
    'tree',
    'promptHash',
    'runner',
    'source',
    'category',
    'label',
    'proof',
    'severity',
    'purpose',
  ],
  ...[
    'base',
    'update',
    'repair',
    'log',
    'body',
    'mode',
    'githubApiUrl',
    'gitlabUrl',
    'code',
    'judgeModel',
    'exchange',
  ],
])

/** Every text of an event that is none of these facts is a canary instead. */
function seeded(value: unknown, key: string): unknown {
  if (typeof value === 'string') return facts.has(key) ? value : `CANARY of ${key}`
  if (Array.isArray(value)) return value.map((one) => seeded(one, key))
  if (typeof value !== 'object' || value === null) return value
  // The names of tests and files are their ids and names in these.
  const inner = key === 'tests' || key === 'failures' || key === 'files' ? 'CANARY' : ''
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      inner !== '' && ['id', 'name'].includes(name) ? `CANARY of ${key}` : seeded(one, name),
    ]),
  )
}

async function logs(): Promise<readonly (readonly Event[])[]> {
  const names = await readdir(join(import.meta.dirname, '../../../fixtures/sessions'))
  return Promise.all(names.filter((name) => name.endsWith('.jsonl')).map((name) => logOf(name.slice(0, -6))))
}

/** All that leaves the machine: the spans as they go over the wire, and the assessments. */
function exported(log: readonly Event[], content: boolean): string {
  const { spans, assessments } = traceOf(log, { content })
  const readable = spans.map(toReadable('20260304-090000-aaaaa9', '0.1.0', {}))
  const wire = Buffer.from(ProtobufTraceSerializer.serializeRequest(readable) ?? [])
  return wire.toString('latin1') + JSON.stringify({ spans, assessments })
}

describe('what a trace lets out', () => {
  it('are no words of models, people or the repository, unless that was asked for', async () => {
    let told = 0
    for (const log of await logs()) {
      const all = log.map((event) => Event.parse(seeded(event, '')))
      assert.ok(JSON.stringify(all).split('CANARY').length > 10)
      const text = exported(all, false)
      assert.doesNotMatch(text, /CANARY of \w+/)
      assert.doesNotMatch(text, /\/home\/|\/work\/|file:\/\//)
      if (exported(all, true).includes('CANARY')) told += 1
    }
    assert.ok(told > 5, `${told}`)
  })

  it('is no secret of the runner in any form, even with all words', async () => {
    await using folder = await temporaryFolder()
    const secret = 'sk-canary/Of+Secrets-0123456789'
    const log = openLog({ folder: folder.path, secrets: [secret] })
    const forms = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')]
    const words = `${forms.join(' ')} ${encodeURIComponent(secret)}`
    for (const { v: _v, seq: _seq, time: _time, ...body } of await logOf('published')) {
      const spoken = JSON.parse(JSON.stringify(body), (key, value) =>
        ['text', 'input', 'summary', 'reason', 'account', 'detail', 'message'].includes(key) &&
        typeof value === 'string'
          ? `${words} ${value}`
          : value,
      )
      log.emit(spoken as EventBody)
    }
    await log.close()
    const text = exported(await readEvents(folder.path), true)
    assert.ok(text.includes('[redacted]'))
    for (const form of [...forms, encodeURIComponent(secret)]) assert.ok(!text.includes(form), form)
  })
})
