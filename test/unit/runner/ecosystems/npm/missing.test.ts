import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import ssri from 'ssri'
import { detect } from '../../../../../src/runner/ecosystems/npm/detect.ts'
import {
  leaveOut,
  leftOut,
  stubsOf,
  withoutStubs,
  withStubs,
} from '../../../../../src/runner/ecosystems/npm/missing.ts'
import { createRegistry } from '../../../../../src/runner/registries/npm/registry.ts'
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

  it('are what only other packages need, once an install did not get it, by whether the project has it in use', async () => {
    await using registry = await testRegistry({ there: { '1.0.0': {} }, tool: { '1.0.0': {} } })
    await using folder = await temporaryFolder()
    const edges = { there: 'in-use', tool: 'spared' } as Readonly<Record<string, string>>
    const entries = ['there', 'tool', 'in-use', 'spared', 'unchecked'].map((name) => {
      const dependencies = edges[name] === undefined ? {} : { [edges[name]]: '1.0.0', unchecked: '1.0.0' }
      const integrity = name === 'unchecked' ? {} : { integrity: demanded(name) }
      return [`node_modules/${name}`, { version: '1.0.0', ...integrity, dependencies }] as const
    })
    const tree = treeOf({
      'package.json': { dependencies: { there: '1.0.0' }, devDependencies: { tool: '1.0.0' } },
      'package-lock.json': { lockfileVersion: 3, packages: Object.fromEntries(entries) },
    })
    const project = await detect(tree)
    assert.ok(project)
    const known = new Set<string>()
    const gone = ['in-use@1.0.0', 'spared']
    assert.deepEqual(await leaveOut(tree, project, gone, known), {
      leftOut: ['in-use@1.0.0', 'spared@1.0.0'],
    })
    const stubs = await stubsOf(tree, project, createRegistry(registry.host, folder.path), known)
    assert.deepEqual(
      leftOut(stubs).map(({ code, severity }) => [code, severity]),
      [
        ['left-out:in-use@1.0.0', 'acknowledge'],
        ['left-out:spared@1.0.0', 'notice'],
      ],
    )
    assert.match(leftOut(stubs)[1]?.message ?? '', /which package\.json → tool@1\.0\.0 needs/)
    const reasons = await Promise.all(
      [['spared'], ['there'], ['unchecked'], ['never-named']].map((one) =>
        leaveOut(tree, project, one, known),
      ),
    )
    assert.deepEqual(reasons, [
      { refused: 'an empty package in its place is refused as well' },
      { refused: 'the project itself depends on there' },
      { refused: 'the lock file has no integrity of unchecked@1.0.0 that an empty package could stand for' },
      undefined,
    ])
  })
})
