import assert from 'node:assert/strict'
import { test } from 'node:test'
import { triage } from '../src/triage.ts'
import { startService } from './service.ts'

const ticket = { id: 9, subject: 'Too much', text: 'My bill is wrong' }
const known = [
  { id: 1, subject: 'Berth', text: 'No water at berth 4' },
  { id: 2, subject: 'Invoice', text: 'The bill came twice' },
]

test('sorts a ticket and finds its twin', async () => {
  const service = await startService()
  try {
    assert.deepEqual(await triage(ticket, known, service.settings), { id: 9, queue: 'invoice', tokens: 42, duplicateOf: 2 })
  } finally {
    service.stop()
  }
})

test('asks once more when the service is busy', async () => {
  const service = await startService([429])
  try {
    assert.equal((await triage(ticket, [], service.settings)).queue, 'invoice')
    assert.deepEqual(service.paths, ['/v1/chat/completions', '/v1/chat/completions', '/v1/embeddings'])
  } finally {
    service.stop()
  }
})

test('gives up when it is refused', async () => {
  const service = await startService([401])
  try {
    await assert.rejects(triage(ticket, [], service.settings))
    assert.equal(service.paths.length, 1)
  } finally {
    service.stop()
  }
})

test('gives up after as many attempts as are set', async () => {
  const service = await startService([503, 503, 503, 503, 503, 503])
  try {
    await assert.rejects(triage(ticket, [], service.settings))
    assert.equal(service.paths.length, 2)
  } finally {
    service.stop()
  }
})
