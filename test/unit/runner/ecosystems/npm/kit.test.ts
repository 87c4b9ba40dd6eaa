import assert from 'node:assert/strict'
import { kitParts } from '../../../../../src/runner/ecosystems/npm/kit.ts'
import type { Project } from '../../../../../src/runner/ecosystems/project.ts'
import { treeOf } from '../../../../support/tree.ts'

const project = { manifests: ['package.json', 'packages/a/package.json'] } as unknown as Project

describe('what of a package.json says how checks run', () => {
  it('is put back by script and by tool, and nothing else is', async () => {
    const before = {
      scripts: { test: 'jest --testPathPattern=unit', lint: 'eslint --ext .ts .' },
      eslintConfig: { root: true },
      dependencies: { a: '1' },
    }
    const after = {
      scripts: { test: 'jest --testPathPatterns=unit', pretest: 'tsc' },
      jest: { bail: 1 },
      dependencies: { a: '2' },
    }
    const bytes = Buffer.from(JSON.stringify(after))
    const tree = (root: object) => treeOf({ 'package.json': root, 'packages/a/package.json': { name: 'a' } })
    const parts = await kitParts(tree(before), tree(after), project)
    const found = parts.map(({ name, tool, status, putBack }) => [
      ...[name, tool, status],
      JSON.parse(putBack(bytes).toString()),
    ])
    const { scripts } = after
    assert.deepEqual(found, [
      [
        'scripts.test',
        undefined,
        'modified',
        { ...after, scripts: { ...scripts, test: before.scripts.test } },
      ],
      [
        'scripts.lint',
        undefined,
        'deleted',
        { ...after, scripts: { ...scripts, lint: before.scripts.lint } },
      ],
      ['scripts.pretest', undefined, 'added', { ...after, scripts: { test: scripts.test } }],
      ['eslintConfig', 'eslint', 'deleted', { ...after, eslintConfig: before.eslintConfig }],
      ['jest', 'jest', 'added', { scripts, dependencies: after.dependencies }],
    ])
  })

  it('is nothing in a manifest that is new, gone or unreadable', async () => {
    const root = { 'package.json': { scripts: { test: 'a' } } }
    const all = [treeOf(root), treeOf({ 'package.json': 'no json' }), treeOf({})]
    for (const one of all.slice(1))
      for (const trees of [
        [all[0], one],
        [one, all[0]],
      ] as const)
        assert.deepEqual(await kitParts(trees[0] ?? treeOf({}), trees[1] ?? treeOf({}), project), [])
  })
})
