import assert from 'node:assert/strict'
import { testProviders } from '../../../../sandbox/maven/testProviders.ts'

const nothing = { platforms: [], junit: false, testng: false }
const asked = (...[plugins, came, packages]: Parameters<typeof testProviders>) =>
  testProviders(plugins, came, packages).map(({ artifactId, version }) => `${artifactId} ${version}`)

describe('what surefire adds once it sees a test', () => {
  it('is the provider of each framework, for each version of a test plugin', () => {
    const came = { platforms: ['1.8.2'], junit: true, testng: true }
    assert.deepEqual(asked(['2.22.2', '3.1.0'], came, {}), [
      'junit-platform-launcher 1.8.2',
      ...['2.22.2', '3.1.0'].flatMap((version) =>
        ['surefire-junit-platform', 'surefire-junit4', 'surefire-testng'].map((name) => `${name} ${version}`),
      ),
    ])
    assert.deepEqual(asked(['3.1.0'], nothing, {}), [])
  })

  it('is the platform with the engine of the same version, where a module has the interface alone', () => {
    const packages = {
      'org.junit.jupiter:junit-jupiter-api': ['5.9.3'],
      'org.junit.platform:junit-platform-commons': ['1.9.3'],
    }
    const expected = ['junit-platform-launcher 1.9.3', 'junit-jupiter-engine 5.9.3']
    assert.deepEqual(asked(['3.1.0'], nothing, packages), [...expected, 'surefire-junit-platform 3.1.0'])
    const both = { ...packages, 'junit:junit': ['4.13.2'] }
    assert.deepEqual(asked([], nothing, both), [...expected, 'junit-vintage-engine 5.9.3'])
  })

  it('is no engine where a module names its own', () => {
    const packages = {
      'org.junit.jupiter:junit-jupiter-api': ['5.9.3'],
      'org.junit.jupiter:junit-jupiter-engine': ['5.9.3'],
      'junit:junit': ['4.13.2'],
    }
    assert.deepEqual(asked([], nothing, packages), [])
  })

  it('is the provider for JUnit 3 where that is what a module is tested with', () => {
    const came = { ...nothing, junit: true }
    const expected = ['surefire-junit4 2.22.2', 'surefire-junit3 2.22.2']
    assert.deepEqual(asked(['2.22.2'], came, { 'junit:junit': ['3.8.1'] }), expected)
    assert.deepEqual(asked(['2.22.2'], came, { 'junit:junit': ['4.13.2'] }), ['surefire-junit4 2.22.2'])
  })
})
