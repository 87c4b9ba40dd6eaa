import assert from 'node:assert/strict'
import { checks } from '../../../../../src/runner/ecosystems/npm/checks.ts'
import { pinScripts } from '../../../../../src/runner/ecosystems/npm/scripts.ts'
import type { Project, Tree } from '../../../../../src/runner/ecosystems/project.ts'

type Scripts = Readonly<Record<string, string>>

function treeOf(files: Readonly<Record<string, unknown>>): Tree {
  const text = (path: string) => {
    const content = files[path]
    return typeof content === 'string' ? content : JSON.stringify(content)
  }
  return {
    paths: Object.keys(files),
    read: async (path) => (path in files ? Buffer.from(text(path)) : undefined),
  }
}

function projectOf(tree: Tree, more: Partial<Project> = {}): Project {
  return {
    ecosystem: 'npm',
    packageManager: 'npm@11',
    manifests: tree.paths.filter((path) => path.endsWith('package.json')),
    versionsIn: 'locks',
    locks: [],
    image: { kind: 'node', major: 22 },
    config: {},
    ...more,
  }
}

async function commands(
  files: Readonly<Record<string, unknown>>,
  more: Partial<Project> = {},
  scope = {},
): Promise<string[]> {
  const tree = treeOf(files)
  const found = await checks(tree, projectOf(tree, more), scope)
  return found.map(({ step, display }) => `${step}: ${display}`)
}

const root = (scripts: Scripts) => ({ 'package.json': { scripts } })

describe('npm checks', () => {
  it('takes build, type check, test and lint from the scripts', async () => {
    const scripts = {
      build: 'tsc',
      typecheck: 'tsc --noEmit',
      test: 'mocha',
      lint: 'eslint .',
      start: 'node .',
    }
    assert.deepEqual(await commands(root(scripts)), [
      'build: npm run build',
      'build: npm run typecheck',
      'test: npm test',
      'lint: npm run lint',
    ])
    assert.deepEqual(await commands(root({ compile: 'tsc' })), ['build: npm run compile'])
    assert.deepEqual(await commands(root({})), [])
    assert.deepEqual(await commands({ 'package.json': 'not json' }), [])
  })

  it('knows the placeholder of `npm init`', async () => {
    assert.deepEqual(await commands(root({ test: 'echo "Error: no test specified" && exit 1' })), [])
    assert.deepEqual(await commands(root({ test: "echo 'Error: no test specified' && exit 1" })), [])
    assert.deepEqual(await commands(root({ test: 'echo "Error: no test specified"' })), ['test: npm test'])
  })

  it('runs with the package manager of the lock file, and its major version', async () => {
    const files = root({ test: 'jest' })
    assert.deepEqual(await commands(files, { packageManager: 'pnpm@9' }), ['test: pnpm run test'])
    assert.deepEqual(await commands(files, { packageManager: 'yarn@4' }), ['test: yarn run test'])
    const tree = treeOf(files)
    const [check] = await checks(tree, projectOf(tree, { packageManager: 'yarn@4' }), {})
    assert.deepEqual(check?.argv.slice(-3), ['yarn-4', 'run', 'test'])
    assert.equal(check?.env.CI, 'true')
    const options = check?.env.NODE_OPTIONS ?? ''
    assert.match(options, /--require=\/tmp\/drydock-results\/test\/\S+preload.cjs .*node-runner.mjs/)
    const own = Object.keys(check?.env ?? {}).filter((name) => name.startsWith('DRYDOCK'))
    assert.deepEqual(own, [])
  })

  it('reports tests alone, and to a Node without reporters nothing that it refuses', async () => {
    const tree = treeOf(root({ build: 'tsc', test: 'mocha' }))
    const image = { kind: 'node', major: 16 } as const
    const [build, test] = await checks(tree, projectOf(tree, { image }), {})
    assert.equal(build?.env.NODE_OPTIONS, undefined)
    assert.equal(build?.results, undefined)
    assert.equal(test?.env.NODE_OPTIONS, '--require=/tmp/drydock-results/test/.reporters/preload.cjs')
  })

  it('says of `bun test` that it proves nothing', async () => {
    const notesOf = async (script: string) => {
      const tree = treeOf(root({ build: 'tsc', test: script }))
      return (await checks(tree, projectOf(tree), {})).map(({ note }) => note)
    }
    for (const script of ['bun test', 'tsc && bun --bail test src', '(bun test)']) {
      const [build, test] = await notesOf(script)
      assert.equal(build, undefined)
      assert.match(test ?? '', /^The test script of package.json is `bun test`.*none of its tests/)
    }
    for (const script of ['bun run test:unit', 'mocha', 'rebun test']) {
      assert.deepEqual(await notesOf(script), [undefined, undefined], script)
    }
  })

  it('goes to the workspaces where the root has no such script', async () => {
    const files = {
      'package.json': { scripts: { build: 'x' } },
      'packages/a/package.json': { scripts: { test: 'jest', build: 'y' } },
      'packages/b/package.json': {
        scripts: { test: 'echo "Error: no test specified" && exit 1', lint: 'eslint' },
      },
    }
    assert.deepEqual(await commands(files), [
      'build: npm run build',
      'test: npm run test -w packages/a',
      'lint: npm run lint -w packages/b',
    ])
    assert.match(
      (await commands(files, { packageManager: 'pnpm@10' }))[1] ?? '',
      /pnpm -r --no-bail --filter \.\/packages\/a run test/,
    )
    assert.equal(
      (await commands(files, { packageManager: 'yarn@1' }))[1],
      'test: yarn --cwd packages/a run test',
    )
  })

  it('follows `.drydock.json`: other commands, or none', async () => {
    const config = { commands: { test: 'make check', lint: null } }
    assert.deepEqual(await commands(root({ build: 'tsc', test: 'jest', lint: 'eslint .' }), { config }), [
      'build: npm run build',
      'test: make check',
    ])
  })

  it('keeps to its scope, and passes files only to a runner that takes them', async () => {
    const scope = { steps: ['test'], testFiles: ['a.test.js'] }
    assert.deepEqual(await commands(root({ build: 'x', test: 'vitest run' }), {}, scope), [
      'test: npm test -- a.test.js',
    ])
    assert.deepEqual(await commands(root({ test: 'tsc && jest' }), {}, scope), ['test: npm test'])
    assert.deepEqual(await commands(root({ test: 'node --test' }), {}, scope), ['test: npm test'])
  })

  it('lets a task runner go on where one package fails, where nothing else is in the script', async () => {
    const called = async (test: string) => (await commands(root({ test })))[0]
    const goesOn = [
      'turbo run test',
      'turbo test --filter=./packages/*',
      'npx turbo run lint test',
      'pnpm exec turbo run test',
    ]
    for (const script of goesOn) assert.equal(await called(script), 'test: npm test -- --continue', script)
    assert.equal(await called('lerna run test --stream'), 'test: npm test -- --no-bail')
    const left = [
      'turbo run test --continue',
      'turbo run test -- --coverage',
      'turbo run test && echo done',
      'turbo run "test"',
      'lerna run test --no-bail',
      'lerna bootstrap',
      'my-turbo run test',
    ]
    for (const script of left) assert.equal(await called(script), 'test: npm test', script)
  })
})

describe('scripts of the base', () => {
  const pinned = async (before: unknown, after: unknown) => {
    const tree = treeOf({ 'package.json': after })
    const files = await pinScripts(treeOf({ 'package.json': before }), tree, projectOf(tree))
    return [...files].map(([path, bytes]) => [path, JSON.parse(bytes.toString())])
  }

  it('are put back, and nothing else', async () => {
    const before = { name: 'x', scripts: { test: 'jest' }, dependencies: { a: '1' } }
    const after = {
      name: 'x',
      scripts: { test: 'exit 0', pretest: 'y' },
      dependencies: { a: '2' },
      jest: { bail: 1 },
    }
    assert.deepEqual(await pinned(before, after), [['package.json', { ...after, scripts: before.scripts }]])
    assert.deepEqual(await pinned(before, { ...before, dependencies: { a: '2' } }), [])
  })
})
