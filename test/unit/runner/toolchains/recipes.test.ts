import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { recipeFor } from '../../../../src/runner/toolchains/index.ts'
import { type ImageNeed, nameOf } from '../../../../src/runner/toolchains/need.ts'
import { type Arch, isSuite, type Recipe } from '../../../../src/runner/toolchains/recipe.ts'
import { parseModule, root, visit } from '../../../support/sourceGraph.ts'

const images = join(root, 'sandbox/images')
const packages: unknown = JSON.parse(await readFile(join(images, 'packages.json'), 'utf8'))
const of = (need: ImageNeed, arch: Arch = 'x64') => recipeFor(need, { packages, arch })

/** Names of the images below one another, from the top, without the Debian release. */
function layers(recipe: Recipe): readonly string[] {
  return [recipe.name, ...(isSuite(recipe.from) ? [recipe.from.name] : layers(recipe.from))]
}

function dockerfiles(recipe: Recipe): readonly string[] {
  return [recipe.dockerfile, ...(isSuite(recipe.from) ? [] : dockerfiles(recipe.from))]
}

describe('the image of a tool chain', () => {
  const needs: readonly (readonly [need: ImageNeed, layers: readonly string[]])[] = [
    [{ kind: 'agent' }, ['agent', 'core-bookworm', 'bookworm']],
    [{ kind: 'codemod' }, ['codemod', 'agent', 'core-bookworm', 'bookworm']],
    [{ kind: 'node', major: 24 }, ['node-24', 'build', 'core-bookworm', 'bookworm']],
    [
      { kind: 'node', major: 20, npm: 11, tool: 'pnpm-7', clock: true },
      [
        'node-20-npm-11-pnpm-7-clock',
        'node-20-npm-11-pnpm-7',
        'node-20-npm-11',
        'build',
        'core-bookworm',
        'bookworm',
      ],
    ],
    [
      { kind: 'node', major: 12 },
      ['node-12', 'node-22-bullseye', 'build-bullseye', 'core-bullseye', 'bullseye'],
    ],
    [{ kind: 'jdk', major: 21 }, ['jdk-21', 'node-trixie', 'core-trixie', 'trixie']],
    [{ kind: 'jdk', major: 8, clock: true }, ['jdk-8-clock', 'jdk-8', 'node-sid', 'core-sid', 'sid']],
  ]
  for (const [need, expected] of needs)
    it(`of ${JSON.stringify(need)} lies on those below it`, async () => {
      const recipe = await of(need)
      assert.deepEqual(layers(recipe), expected)
      const known = await readdir(images)
      for (const one of dockerfiles(recipe)) assert.ok(known.includes(`${one}.Dockerfile`), one)
    })

  it('is refused in words where there is no such version', async () => {
    const refused: readonly (readonly [ImageNeed, Arch, RegExp])[] = [
      [{ kind: 'node', major: 9 }, 'x64', /Node 9 on x64/],
      [{ kind: 'node', major: 12 }, 'arm64', /Node 12 on arm64/],
      [{ kind: 'node', major: 20, tool: 'bun' }, 'x64', /bun/],
      [{ kind: 'jdk', major: 9 }, 'x64', /JDK 9/],
    ]
    for (const [need, arch, words] of refused)
      await assert.rejects(of(need, arch), (error: unknown) => {
        assert.ok(error instanceof DrydockError && error.failure.code === 'image-build-failed')
        assert.match(error.failure.message, words)
        return true
      })
  })

  it('has a name for a person', () => {
    assert.deepEqual(
      [nameOf({ kind: 'agent' }), nameOf({ kind: 'jdk', major: 17, clock: true })],
      ['agent', 'jdk 17'],
    )
  })

  it('is known to its folder alone, and to those who ask for it: nothing of the engine names one', async () => {
    const folders = await readdir(join(root, 'src/runner/toolchains'), { withFileTypes: true })
    // Drydock's own is asked for by what looks whether there are images at all.
    const names = folders.flatMap((one) => (one.isDirectory() && one.name !== 'agent' ? [one.name] : []))
    assert.ok(names.length > 2)
    const engine = join(root, 'src/runner/docker')
    const naming: string[] = []
    for (const file of await readdir(engine)) {
      const { program } = parseModule(file, await readFile(join(engine, file), 'utf8'))
      visit(program, (node) => {
        if (node.type === 'StringLiteral' && names.includes(node.value)) naming.push(`${file}: ${node.value}`)
      })
    }
    assert.deepEqual(naming, [])
  })
})
