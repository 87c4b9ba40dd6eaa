import assert from 'node:assert/strict'
import { checks } from '../../../../../src/runner/ecosystems/npm/checks.ts'
import { partsOf } from '../../../../../src/runner/ecosystems/npm/parts.ts'
import { treeOf } from '../../../../support/tree.ts'

function parts(scripts: Readonly<Record<string, string>>, name = 'test'): string[] | undefined {
  return partsOf(name, new Map(Object.entries(scripts)))?.map(
    ({ step, text, network, housekeeping }) =>
      `${network === true ? 'network' : housekeeping === true ? 'tidy' : step}: ${text}`,
  )
}

const project = {
  ecosystem: 'npm' as const,
  packageManager: 'npm@10',
  manifests: ['package.json'],
  versionsIn: 'locks' as const,
  locks: [],
  image: { kind: 'node' as const, major: 22 },
  config: {},
}

describe('parts of a script', () => {
  it('are the commands that it chains, as they are written', () => {
    assert.deepEqual(
      parts({ test: 'npm run lint && NODE_ENV=test nyc mocha "test/**/*.js" && npm audit', lint: 'x' }),
      ['lint: lint', 'test: NODE_ENV=test nyc mocha "test/**/*.js"', 'network: npm audit'],
    )
    assert.deepEqual(parts({ test: "mocha --grep 'a && b' && eslint ." }), [
      "test: mocha --grep 'a && b'",
      'lint: eslint .',
    ])
    assert.deepEqual(parts({ test: 'nyc mocha && cat coverage/lcov.info | coveralls' }), [
      'test: nyc mocha',
      'network: cat coverage/lcov.info | coveralls',
    ])
    assert.deepEqual(parts({ test: 'tsc && nyc mocha && nyc check-coverage --lines 100' }), [
      'build: tsc',
      'test: nyc mocha',
      'lint: nyc check-coverage --lines 100',
    ])
  })

  it('are found through other scripts, npm-run-all, and what runs before and after', () => {
    const scripts = { 'test:lint': 'xo', 'test:unit': 'ava', 'test:audit': 'npm audit' }
    for (const test of [
      'run-s test:*',
      'npm-run-all test:lint test:unit test:audit',
      'yarn test:lint && yarn run test:unit && npm run test:audit',
    ])
      assert.deepEqual(
        parts({ test, ...scripts }),
        ['lint: test:lint', 'test: test:unit', 'network: test:audit'],
        test,
      )
    assert.deepEqual(parts({ pretest: 'standard', test: 'tape test/*.js', posttest: 'codecov' }), [
      'lint: standard',
      'test: tape test/*.js',
      'network: codecov',
    ])
    assert.deepEqual(
      parts({ test: 'npm run all', all: 'npm run lint && npm run unit', lint: 'eslint .', unit: 'jest' }),
      ['lint: lint', 'test: unit'],
    )
  })

  it('are what their programs are, whatever files these are given', () => {
    const kinds = [
      ['lint: cost-of-modules --no-install', 'lint: prettier -c src test', 'lint: npx eslint test'],
      ['lint: cross-env CI=1 xo test/*.js', 'lint: standard test/*.js | snazzy', 'build: tsc -p test'],
      [
        'lint: node ./node_modules/eslint/bin/eslint.js test',
        'build: webpack --config test/webpack.config.js',
      ],
      ['tidy: del-cli coverage', 'tidy: shx rm -rf test/out', 'tidy: cp test/a.json out', 'tidy: gulp clear'],
      ['tidy: rimraf test/tmp', 'tidy: npx mkdirp test/tmp', 'tidy: grunt clean:test', 'tidy: echo test'],
      [
        'test: gulp clear unit',
        'test: browserify test/*.js | tape-run',
        'test: node test',
        'test: make test',
      ],
    ].flat()
    const test = kinds.map((line) => line.replace(/^\w+: /, '')).join(' && ')
    assert.deepEqual(parts({ test }), kinds)
    const scripts = { clean: 'node scripts/clean.js', style: 'prettier -c test || exit 1', unit: 'mocha' }
    assert.deepEqual(parts({ test: 'run-s clean style unit', ...scripts }), [
      'tidy: clean',
      'lint: style',
      'test: unit',
    ])
  })

  it('are none where nothing but housekeeping stands beside one command', () => {
    assert.equal(parts({ test: 'rimraf out && mkdir out && mocha' }), undefined)
    assert.equal(parts({ pretest: 'shx rm -rf out', test: 'mocha', posttest: 'del-cli out' }), undefined)
  })

  it('are none where a script is one command, or more than a chain of plain ones', () => {
    for (const test of [
      'mocha',
      'mocha || true',
      'cd packages/a && mocha',
      'export A=1 && mocha',
      'mocha; eslint .',
      '(mocha && eslint .)',
      'mocha && ',
      'if [ -f x ]; then mocha && y; fi',
      'npm run loop',
    ])
      assert.equal(parts({ test, loop: 'npm run test' }), undefined, test)
  })

  it('stand beside the whole, and say what is not run', async () => {
    const tree = treeOf({
      'package.json': { scripts: { test: 'npm run style && mocha && npm audit', style: 'eslint .' } },
    })
    const [whole] = (await checks(tree, project, {})).filter(({ step }) => step === 'test')
    assert.equal(whole?.display, 'npm test')
    assert.deepEqual(whole?.chain?.notRun, ['npm audit'])
    assert.deepEqual(
      whole?.chain?.checks.map(({ step, display, results }) => [step, display, results]),
      [
        ['lint', 'npm run style', undefined],
        ['test', 'mocha', '/tmp/drydock-results/test-parts'],
      ],
    )
  })

  it('take the housekeeping along that comes before them', async () => {
    const scripts = {
      build: 'tsc',
      clean: 'rimraf out',
      style: 'eslint .',
      test: 'mkdir out && npm run build && npm run clean && npm run style && cp a out && mocha && del-cli out',
    }
    const found = await checks(treeOf({ 'package.json': { scripts } }), project, {})
    const parts = found.find(({ step }) => step === 'test')?.chain?.checks ?? []
    assert.deepEqual(
      parts.map(({ step, display }) => `${step}: ${display}`),
      // The build is a check anyway; what was to be there before it still is.
      ['lint: mkdir out && npm run clean && npm run style', 'test: cp a out && mocha'],
    )
    assert.match(parts[1]?.argv.join(' ') ?? '', /cp a out && mocha/)
  })
})
