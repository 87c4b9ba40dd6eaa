import assert from 'node:assert/strict'
import { renderPrompt } from '../../../../src/runner/prompt/render.ts'

describe('renderPrompt', () => {
  it('fills every place', () => {
    assert.equal(renderPrompt('{{a}} and {{ b }} and {{a}}', { a: '1', b: '2' }), '1 and 2 and 1')
  })

  it('refuses an undefined variable', () => {
    assert.throws(() => renderPrompt('Hello {{name}}', {}), /name is undefined/)
    assert.throws(() => renderPrompt('{{toString}}', {}), /toString is undefined/)
  })

  it('refuses a variable that the template does not use', () => {
    assert.throws(() => renderPrompt('Hello', { name: 'x' }), /does not use name/)
  })

  it('does not render values again, nor read $ patterns in them', () => {
    assert.equal(renderPrompt('{{a}}{{b}}', { a: '{{b}}', b: '$& $1' }), '{{b}}$& $1')
  })
})
