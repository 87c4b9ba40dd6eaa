import assert from 'node:assert/strict'
import { type ResolvedModules, readGraphs, withoutGraphs } from '../../../../sandbox/maven/resolved.ts'

const log = `[DEBUG] demo:root:pom:1.0.0-SNAPSHOT
[DEBUG] demo:app:jar:1.0.0-SNAPSHOT
[DEBUG]    org.lib:core:jar:3.11:compile
[DEBUG]       org.lib:deep:jar:1.0:compile
[DEBUG]    io.netty:native:jar:linux-x86_64:4.1.100.Final:runtime
[DEBUG]    org.lib:managed:jar:2.0:test (version managed from 1.0)
[ERROR] something went wrong
[DEBUG] other words of Maven
`

describe('what Maven resolved', () => {
  it('is read of each module: direct dependencies, and no deeper ones', () => {
    const modules: ResolvedModules = {}
    readGraphs(log, modules)
    readGraphs('[DEBUG] demo:app:jar:1.0.0-SNAPSHOT\n[DEBUG]    org.lib:more:jar:5:test\n', modules)
    assert.deepEqual(modules, {
      'demo:root': {},
      'demo:app': {
        'org.lib:core': '3.11',
        'io.netty:native': '4.1.100.Final',
        'org.lib:managed': '2.0',
        'org.lib:more': '5',
      },
    })
  })

  it('leaves a person the rest of the log', () => {
    assert.equal(withoutGraphs(log), '[ERROR] something went wrong\n')
  })
})
