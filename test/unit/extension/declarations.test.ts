import assert from 'node:assert/strict'
import { declarationsIn } from '../../../src/extension/manifests/declarations.ts'

/** Name and line, from 1, of every declaration. */
const found = (file: string, text: string): (readonly [string, number])[] =>
  declarationsIn(file, text).map(({ name, offset }) => [name, text.slice(0, offset).split('\n').length])

describe('declarations in manifests', () => {
  it('are members of the dependency groups of a package.json', () => {
    const text = [
      '{',
      '  "name": "shop", "scripts": { "ms": "ms" },',
      '  "dependencies": { "ms": "1", "@acme/kit": "2" },',
      '  "devDependencies": {',
      '    "mocha": "^10"',
      '  },',
      '  "overrides": { "left-pad": "1" }',
      '}',
    ].join('\n')
    assert.deepEqual(found('/a/package.json', text), [
      ['ms', 3],
      ['@acme/kit', 3],
      ['mocha', 5],
    ])
  })

  it('are found in a package.json that is being typed, and none in what is no manifest', () => {
    assert.deepEqual(found('/a/package.json', '{"dependencies": {"ms": "1", '), [['ms', 1]])
    assert.deepEqual(found('/a/package.json', 'nothing'), [])
    assert.deepEqual(found('/a/tsconfig.json', '{"dependencies": {"ms": "1"}}'), [])
  })

  it('are dependencies, plugins and the parent of a pom.xml, without comments', () => {
    const text = [
      '<project>',
      '  <parent><groupId>org.acme</groupId><artifactId>parent</artifactId></parent>',
      '  <!-- <dependency><groupId>a</groupId><artifactId>b</artifactId></dependency> -->',
      '  <dependencies><dependency>',
      '    <groupId> com.acme </groupId>',
      '    <artifactId>kit</artifactId>',
      '  </dependency></dependencies>',
      '  <plugin><artifactId>maven-surefire-plugin</artifactId></plugin>',
      '</project>',
    ].join('\n')
    assert.deepEqual(found('/a/pom.xml', text), [
      ['org.acme:parent', 2],
      ['com.acme:kit', 4],
      ['org.apache.maven.plugins:maven-surefire-plugin', 8],
    ])
  })
})
