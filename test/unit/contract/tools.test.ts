import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { toolManifest, toolManifestDigest } from '../../../src/contract/tools.ts'

describe('the tool manifest', () => {
  it('is the one its digest says', () => {
    const digest = createHash('sha256').update(JSON.stringify(toolManifest)).digest('hex')
    assert.equal(toolManifestDigest, digest)
  })
})
