import assert from 'node:assert/strict'
import { readLock } from '../../../../../src/runner/ecosystems/npm/locks/index.ts'

const integrity =
  'sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA=='

describe('lock files of pnpm 7 and before', () => {
  const lock = readLock(
    'pnpm-lock.yaml',
    `lockfileVersion: 5.4
importers:
  .:
    specifiers:
      react-dom: ^17.0.0
      way: npm:@scope/left-pad@1.3.0
    dependencies:
      react-dom: 17.0.2_react@17.0.2
    devDependencies:
      way: /@scope/left-pad/1.3.0
  packages/a:
    specifiers:
      own: workspace:*
    dependencies:
      own: link:../own
packages:
  /react-dom/17.0.2_react@17.0.2:
    resolution: {integrity: ${integrity}}
    peerDependencies:
      react: 17.0.2
    dependencies:
      string2_decoder: 1.0.0-beta.1
      react: 17.0.2
  /react/17.0.2:
    resolution: {integrity: ${integrity}}
  /@scope/left-pad/1.3.0:
    resolution: {integrity: ${integrity}}
  /string2_decoder/1.0.0-beta.1:
    resolution: {integrity: ${integrity}}
    requiresBuild: true
`,
  )

  it('name packages by path, with their peers behind', () => {
    assert.deepEqual(
      lock.packages.map(({ name, version }) => `${name}@${version}`),
      ['react-dom@17.0.2', 'react@17.0.2', '@scope/left-pad@1.3.0', 'string2_decoder@1.0.0-beta.1'],
    )
    assert.deepEqual(lock.packages[0]?.requires, ['string2_decoder', 'react'])
    assert.equal(lock.packages[3]?.installScript, true)
  })

  it('say what each manifest got', () => {
    assert.equal(lock.find('', 'react-dom', '^17.0.0')?.version, '17.0.2')
    assert.equal(lock.find('', 'way', 'npm:@scope/left-pad@1.3.0')?.name, '@scope/left-pad')
    assert.equal(lock.find('packages/a', 'own', 'workspace:*')?.local, true)
    assert.equal(lock.find('', 'react', '*'), undefined)
  })
})
