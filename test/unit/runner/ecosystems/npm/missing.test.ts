import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import ssri from 'ssri'
import { detect } from '../../../../../src/runner/ecosystems/npm/detect.ts'
import { stubsOf, withoutStubs, withStubs } from '../../../../../src/runner/ecosystems/npm/missing.ts'
import { createRegistry } from '../../../../../src/runner/ecosystems/npm/registry.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'
import { integrityOf, testRegistry } from '../../../../support/registry.ts'
import { treeOf } from '../../../../support/tree.ts'

const demanded = (name: string) => integrityOf(Buffer.from(name))
const names = ['there', 'gone-dev', 'gone-optional', 'gone-prod', 'old-version']
const lock = {
  lockfileVersion: 3,
  packages: Object.fromEntries(
    names.map((name) => [`node_modules/${name}`, { version: '1.0.0', integrity: demanded(name) }]),
  ),
}

describe('packages that are left out', () => {
  it('are development and optional ones that the registry does not have; never what is needed in earnest', async () => {
    await using registry = await testRegistry({ there: { '1.0.0': {} }, 'old-version': { '2.0.0': {} } })
    await using folder = await temporaryFolder()
    const tree = treeOf({
      'package.json': {
        dependencies: { 'gone-prod': '1.0.0' },
        devDependencies: {
          there: '1.0.0',
          'gone-dev': '1.0.0',
          'old-version': '1.0.0',
          'gone-prod': '1.0.0',
        },
        optionalDependencies: { 'gone-optional': '1.0.0' },
      },
      'package-lock.json': lock,
    })
    const project = await detect(tree)
    assert.ok(project)
    const stubs = await stubsOf(tree, project, createRegistry(registry.host, folder.path))
    assert.deepEqual(stubs.map(({ subject }) => subject).sort(), [
      'gone-dev@1.0.0',
      'gone-optional@1.0.0',
      'old-version@1.0.0',
    ])
    for (const { bytes, integrity } of stubs) {
      assert.ok(ssri.checkData(bytes, integrity))
      assert.match(gunzipSync(bytes).toString('utf8'), /"version":"1\.0\.0"/)
    }
    const text = JSON.stringify(lock)
    const stubbed = withStubs(text, stubs)
    assert.doesNotMatch(stubbed, new RegExp(demanded('gone-dev').replaceAll(/[+/]/g, '\\$&')))
    assert.ok(stubbed.includes(demanded('gone-prod')))
    assert.equal(withoutStubs(stubbed, stubs), text)
  })
})
