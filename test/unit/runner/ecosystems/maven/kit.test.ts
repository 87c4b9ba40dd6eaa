import assert from 'node:assert/strict'
import { kitParts } from '../../../../../src/runner/ecosystems/maven/kit.ts'
import type { Project } from '../../../../../src/runner/ecosystems/project.ts'
import { treeOf } from '../../../../support/tree.ts'

const project = { manifests: ['pom.xml'] } as unknown as Project

const surefire = (version: string, configuration: string) =>
  `<plugin><artifactId>maven-surefire-plugin</artifactId><version>${version}</version>${configuration}</plugin>`
const pom = (plugins: string, properties = '', profiles = '') =>
  `<project><properties>${properties}</properties><build><plugins>${plugins}</plugins></build>${profiles}</project>`

async function parts(before: string, after: string) {
  const found = await kitParts(treeOf({ 'pom.xml': before }), treeOf({ 'pom.xml': after }), project)
  return found.map(({ name, status, putBack }) => [name, status, putBack(Buffer.from(after)).toString()])
}

describe('what of a POM says how tests and linters run', () => {
  it('is put back without the versions and dependencies of the update', async () => {
    const old = '<configuration><argLine>-Xmx1g</argLine></configuration>'
    const now = '<configuration><skipTests>true</skipTests></configuration>'
    assert.deepEqual(await parts(pom(surefire('2.22.2', old)), pom(surefire('3.5.0', now))), [
      [
        'build/plugins/maven-surefire-plugin',
        'modified',
        pom(`<plugin><artifactId>maven-surefire-plugin</artifactId>${old}<version>3.5.0</version></plugin>`),
      ],
    ])
    assert.deepEqual(await parts(pom(surefire('2.22.2', old)), pom(surefire('3.5.0', `\n  ${old}\n`))), [])
  })

  it('comes back where it is gone, and goes where it is new', async () => {
    const checkstyle = '<plugin><artifactId>maven-checkstyle-plugin</artifactId><executions/></plugin>'
    const jar = '<plugin><artifactId>maven-jar-plugin</artifactId><configuration/></plugin>'
    assert.deepEqual(await parts(pom(checkstyle), pom(jar)), [
      ['build/plugins/maven-checkstyle-plugin', 'deleted', pom(jar + checkstyle)],
    ])
    assert.deepEqual(await parts(pom(''), pom(checkstyle)), [
      ['build/plugins/maven-checkstyle-plugin', 'added', pom('')],
    ])
  })

  it('is a property too, of a profile as well, but for versions', async () => {
    const profile = (inner: string) =>
      `<profiles><profile><id>ci</id><properties>${inner}</properties></profile></profiles>`
    const before = pom('', '<surefire.version>2</surefire.version>', profile('<skipITs>false</skipITs>'))
    const after = pom('', '<surefire.version>3</surefire.version>', profile('<skipITs>true</skipITs>'))
    assert.deepEqual(await parts(before, after), [
      ['ci/properties/skipITs', 'modified', after.replace('true', 'false')],
    ])
    const skipped = pom('', '<maven.test.skip>true</maven.test.skip>')
    assert.deepEqual(await parts(pom(''), skipped), [['properties/maven.test.skip', 'added', pom('')]])
    assert.deepEqual(await parts(pom(''), '<project><'), [])
  })
})
