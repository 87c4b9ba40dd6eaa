import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  isBrought,
  isSource,
  isTest,
  languageOfFile,
  languageOfPackage,
  languages,
  moduleOf,
} from '../../../src/runner/languages/index.ts'
import { root } from '../../support/sourceGraph.ts'

describe('a language that code is searched in', () => {
  it('is listed, where its folder says what there is to know', async () => {
    const folder = join(root, 'src/runner/languages')
    const folders = (await readdir(folder)).filter((name) => existsSync(join(folder, name, 'language.ts')))
    assert.equal(folders.length, languages.length)
  })

  it('is told by the path of a file, and nothing is of two', () => {
    const paths = ['a.ts', 'a/b.mjs', 'C.vue', 'A.java', 'B.kt', 'build.gradle.kts', 'a.json', 'a.py']
    assert.deepEqual(paths.filter(isSource), paths.slice(0, 6))
    for (const path of paths) assert.ok(languages.filter(({ files }) => files.test(path)).length <= 1, path)
    assert.notEqual(languageOfFile('a.ts'), languageOfFile('A.java'))
  })

  it('is told by the name of a package', () => {
    const [script, compiled] = ['@acme/tool', 'org.lib:core'].map(languageOfPackage)
    assert.equal(script, languageOfFile('a.ts'))
    assert.equal(compiled, languageOfFile('A.java'))
    for (const name of ['zod', 'org.lib:core'])
      assert.equal(languages.filter((one) => one.owns(name)).length, 1)
  })

  it('knows its tests, what was brought, and how a file is loaded', () => {
    const paths = [
      'a.test.ts',
      'src/__tests__/a.js',
      'src/test/java/A.java',
      'src/CartIT.java',
      'src/latest.ts',
    ]
    assert.deepEqual(paths.filter(isTest), paths.slice(0, 4))
    assert.deepEqual(['node_modules/a/index.js', 'a.min.js', 'a.js'].filter(isBrought), [
      'node_modules/a/index.js',
      'a.min.js',
    ])
    assert.deepEqual(['src/a/index.ts', 'types/b.d.ts', 'src/A.java'].map(moduleOf), [
      'src/a',
      'types/b',
      'src/A.java',
    ])
  })

  it('reads an import in its own way', () => {
    const [script, compiled] = [languageOfPackage('lib'), languageOfPackage('org.lib:core')]
    assert.ok(script.importPattern({ package: 'lib' }, '').test("import { a } from 'lib/b'"))
    assert.ok(!script.importPattern({ package: 'lib' }, '').test("import { a } from 'library'"))
    const wish = { package: 'org.lib:core', namespaces: ['org.lib.core'] }
    assert.ok(compiled.importPattern(wish, '').test('import static org.lib.core.Matchers.any;'))
    assert.deepEqual(script.boundNames("import a, { b as c } from 'lib'", []), ['a', 'b', 'c'])
    assert.deepEqual(compiled.boundNames('import org.lib.core.*;', ['org.lib.core.Thing.of']), ['Thing'])
  })
})
