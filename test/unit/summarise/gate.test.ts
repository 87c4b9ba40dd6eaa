import assert from 'node:assert/strict'
import type { Recogniser } from '../../../src/runner/summarise/finding.ts'
import { Gate } from '../../../src/runner/summarise/gate.ts'
import { LineCutter } from '../../../src/runner/summarise/lines.ts'

function listening(): Recogniser & { readonly heard: string[] } {
  const heard: string[] = []
  let open = false
  return {
    heard,
    needles: ['needle'],
    busy: () => open,
    line(line) {
      heard.push(line)
      open = line !== 'end' && (open || line === 'needle')
    },
    end: () => undefined,
  }
}

describe('a recogniser behind the gate', () => {
  it('hears nothing that does not concern it, and the heading that came a piece before', () => {
    const recogniser = listening()
    const cutter = new LineCutter(new Gate([recogniser]))
    cutter.push('hay\n'.repeat(50))
    assert.deepEqual(recogniser.heard, [])
    cutter.push('heading\n')
    cutter.push('needle\n')
    cutter.push('body\n')
    cutter.push('end\n')
    cutter.push('hay\n')
    assert.deepEqual(recogniser.heard.slice(-4), ['heading', 'needle', 'body', 'end'])
    assert.ok(recogniser.heard.length <= 12, String(recogniser.heard.length))
  })
})
