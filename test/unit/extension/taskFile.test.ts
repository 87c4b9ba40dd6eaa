import assert from 'node:assert/strict'
import { parseTaskFile, titleOf } from '../../../src/extension/commands/taskFile.ts'

describe('task file', () => {
  it('has its heading as title and its text as prompt', () => {
    const text = '# One client for HTTP\n\nAll calls go through src/http.\n'
    assert.deepEqual(parseTaskFile('http.md', text), { title: 'One client for HTTP', prompt: text.trim() })
  })

  it('says its kind in front matter', () => {
    const task = parseTaskFile('esm.md', '---\nkind: migration\n---\nUse ES modules.\n')
    assert.deepEqual(task, { title: 'esm', prompt: 'Use ES modules.', kind: 'migration' })
  })

  it('makes a short title of a long prompt', () => {
    assert.equal(titleOf('One\nTwo'), 'One')
    assert.equal(titleOf('x'.repeat(100)).length, 80)
  })
})
