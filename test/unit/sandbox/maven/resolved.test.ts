import assert from 'node:assert/strict'
import {
  broughtPackages,
  type ResolvedModules,
  type ResolvedPackages,
  readGraphs,
  withoutGraphs,
} from '../../../../sandbox/maven/resolved.ts'

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
  const more =
    '[DEBUG] demo:app:jar:1.0.0-SNAPSHOT\n[DEBUG]    org.lib:more:jar:5:test\n[DEBUG]       org.lib:deep:jar:1.1:test\n[DEBUG]    demo:root:pom:1.0.0-SNAPSHOT:compile\n'

  it('is read of each module: direct dependencies, and no deeper ones', () => {
    const modules: ResolvedModules = {}
    readGraphs(log, modules, {})
    readGraphs(more, modules, {})
    assert.deepEqual(modules, {
      'demo:root': {},
      'demo:app': {
        'org.lib:core': '3.11',
        'io.netty:native': '4.1.100.Final',
        'org.lib:managed': '2.0',
        'org.lib:more': '5',
        'demo:root': '1.0.0-SNAPSHOT',
      },
    })
  })

  it('is all that is brought, in every version, without the modules themselves', () => {
    const [modules, packages]: [ResolvedModules, ResolvedPackages] = [{}, {}]
    readGraphs(log, modules, packages)
    readGraphs(more, modules, packages)
    assert.deepEqual(broughtPackages(modules, packages), {
      'org.lib:core': ['3.11'],
      'org.lib:deep': ['1.0', '1.1'],
      'io.netty:native': ['4.1.100.Final'],
      'org.lib:managed': ['2.0'],
      'org.lib:more': ['5'],
    })
  })

  it('leaves a person the rest of the log', () => {
    assert.equal(withoutGraphs(log), '[ERROR] something went wrong\n')
  })
})
