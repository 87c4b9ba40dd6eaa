import assert from 'node:assert/strict'
import { createTwoFilesPatch } from 'diff'
import { readPatch } from '../../../../src/runner/patch/read.ts'
import { alike, shapeOf } from '../../../../src/runner/patch/shape.ts'

type Files = Readonly<Record<string, readonly [before: string, after: string]>>

function patch(files: Files) {
  const text = Object.entries(files)
    .map(([path, [before, after]]) => {
      const made = createTwoFilesPatch(path, path, before, after)
      const head = `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n`
      return `${head}${made.slice(made.indexOf('@@'))}`
    })
    .join('')
  return readPatch(text, '0'.repeat(40))
}

const shape = (files: Files) => shapeOf(patch(files), 'uuid 9')
const lines = (files: Files) => shape(files).lines

const uuid = (name: string, quote = "'", more = '') =>
  [
    `${more}const ${name} = require(${quote}uuid/v4${quote})\n`,
    `${more}const { v4: ${name} } = require(${quote}uuid${quote})\n`,
  ] as const

describe('the shape of a patch', () => {
  it('is what changes, whatever stays: names, quotation marks, paths and how often', () => {
    const one = shape({ 'src/a.js': uuid('id') })
    assert.deepEqual(one.lines, ['‹› +{ v4 : ‹› +} = … ( -"uuid/v4" +"uuid" )'])
    for (const other of [
      { 'lib/deep/b.js': uuid('makeId') },
      { 'src/a.js': uuid('id', '"') },
      { 'src/a.js': uuid('id'), 'src/b.js': uuid('other', '"', '// first\n') },
    ] as const)
      assert.equal(shape(other).id, one.id)
  })

  it('differs with anything that is added, removed or left behind', () => {
    const one = shape({ 'src/a.js': uuid('id') })
    const [before, after] = uuid('id')
    const others: readonly Files[] = [
      { 'src/a.js': [before, after.replace('v4', 'v1')] },
      { 'src/a.js': [before, `${after}eval(process.env.X)\n`] },
      { 'src/a.js': [`${before}check()\n`, after] },
      { 'src/a.js': uuid('id'), 'test/a.test.js': ['assert(a)\n', 'assert(b)\n'] },
      { 'src/a.js': uuid('id'), '.eslintrc.js': ['a = 1\n', 'a = 2\n'] },
      { 'test/a.test.js': uuid('id') },
      // The same words in another place.
      { 'src/a.js': [before.replace("('uuid/v4')", "['uuid/v4']"), after.replace("('uuid')", "['uuid']")] },
    ]
    const ids = others.map((files) => shape(files).id)
    assert.equal(new Set([...ids, one.id]).size, others.length + 1)
  })

  it('of a manifest is one for all versions that go, and not for those that come, other packages or scripts', () => {
    const manifest = (version: string, script = 'mocha', name = 'uuid', other = '1.0.0') =>
      `{\n  "scripts": { "test": "${script}" },\n  "dependencies": {\n    "${name}": "${version}",\n    "other": "${other}"\n  }\n}\n`
    const of = (before: string, after: string) => lines({ 'package.json': [before, after] })
    const one = of(manifest('^3.4.0'), manifest('^9.0.1'))
    assert.deepEqual(one, ['manifest: +"uuid" : 9.0.1', 'manifest: -"uuid" : <version>'])
    assert.deepEqual(of(manifest('3.2.1', 'jest'), manifest('9.0.1', 'jest')), one)
    for (const other of [
      of(manifest('^3.4.0'), manifest('^10.0.0')),
      of(manifest('^3.4.0'), manifest('^9.0.1', 'true')),
      of(manifest('^3.4.0', 'mocha', 'uuidx'), manifest('^9.0.1', 'mocha', 'uuidx')),
      of(manifest('^3.4.0'), manifest('^9.0.1', 'mocha', 'uuid', '2.0.0')),
    ])
      assert.notDeepEqual(other, one)
    const pom = (version: string, scope = 'test') =>
      `<dependency>\n<artifactId>a</artifactId>\n<version>${version}</version>\n<scope>${scope}</scope>\n</dependency>\n`
    const maven = (before: string, after: string) => lines({ 'pom.xml': [before, after] })
    assert.deepEqual(maven(pom('1.0'), pom('2.0')), maven(pom('1.1.3'), pom('2.0')))
    assert.notDeepEqual(maven(pom('1.0'), pom('2.0')), maven(pom('1.0'), pom('2.1')))
    assert.notDeepEqual(maven(pom('1.0'), pom('2.0')), maven(pom('1.0'), pom('2.0', 'system')))
  })

  it('of a patch for something else, or of blanks alone, is another one', () => {
    const files = { 'src/a.js': uuid('id') }
    assert.notEqual(shapeOf(patch(files), 'uuid 9').id, shapeOf(patch(files), 'uuid 10').id)
    assert.notEqual(shape({ 'a.py': ['  a\n', 'a\n'] }).id, shape({ 'a.py': ['a\n', '  a\n'] }).id)
  })

  it('takes no notice of lock files, and names the file of a configuration', () => {
    const lock = ['{ "a": 1 }\n', '{ "a": 2 }\n'] as const
    assert.deepEqual(lines({ 'package-lock.json': lock }), [])
    assert.deepEqual(lines({ '.github/workflows/a.yml': ['on: push\n', 'on: pull\n'] }), [
      '.github/workflows/a.yml: : -push +pull',
    ])
  })

  it('of a change that is too long is its own', () => {
    const long = (word: string) => `${`${word} `.repeat(3_000)}\n`
    assert.match(lines({ 'a.js': [long('a'), long('b')] })[0] ?? '', /^a long change [0-9a-f]{12}$/)
  })

  it('groups what is alike, the largest group first', () => {
    const members = [
      { name: 'odd', shape: shape({ 'a.js': ['a\n', 'b\n'] }) },
      { name: 'one', shape: shape({ 'a.js': uuid('id') }) },
      { name: 'two', shape: shape({ 'b.js': uuid('other') }) },
    ]
    assert.deepEqual(
      alike(members).map(({ members }) => members.map(({ name }) => name)),
      [['one', 'two'], ['odd']],
    )
  })
})
