import assert from 'node:assert/strict'
import { readFree } from '../../../../src/runner/docker/watchdog.ts'

describe('the watch over a disk', () => {
  it('hears measures, and takes no other words of an engine for one', () => {
    assert.deepEqual(readFree('1048576 100 200'), { bytes: 1048576, inodes: 100 })
    // A file system that makes inodes as needed has no limit of them.
    assert.deepEqual(readFree('1048576 0 0'), { bytes: 1048576, inodes: 0 })
    for (const line of ['', 'OCI runtime exec failed: exec failed', '1 2', 'NaN 1 2', '-1 2 3', '1 2 3 4'])
      assert.equal(readFree(line), undefined, line)
  })
})
