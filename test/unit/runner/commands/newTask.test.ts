import assert from 'node:assert/strict'
import { parseSpec } from '../../../../src/runner/commands/newTask.ts'

describe('a package on the command line', () => {
  const known: Readonly<Record<string, readonly [ecosystem: string, name: string, requested: string]>> = {
    'left-pad': ['npm', 'left-pad', 'latest'],
    '@scope/tool@^2': ['npm', '@scope/tool', '^2'],
    'npm:left-pad@2.0.0': ['npm', 'left-pad', '2.0.0'],
    'org.lib:core': ['maven', 'org.lib:core', 'latest'],
    'org.lib:core:1.2-rc1': ['maven', 'org.lib:core', '1.2-rc1'],
    'org.lib:core@1.2': ['maven', 'org.lib:core', '1.2'],
    'maven:org.lib:core:1.2': ['maven', 'org.lib:core', '1.2'],
    // A group of Maven's own first years is called as the ecosystem is.
    'maven:maven-jelly-plugin': ['maven', 'maven:maven-jelly-plugin', 'latest'],
  }
  for (const [spec, [ecosystem, name, requested]] of Object.entries(known))
    it(`${spec}: ${name} of ${ecosystem}`, async () => {
      assert.deepEqual(await parseSpec(spec), { ecosystem, package: name, requested })
    })

  for (const spec of ['', '../folder', 'git+https://example.com/a.git', 'left-pad@https://example.com/a.tgz'])
    it(`is refused where it is none: ${spec}`, async () => {
      await assert.rejects(parseSpec(spec), /bad-usage: .* is not <package>\[@<version>\]/)
    })
})
