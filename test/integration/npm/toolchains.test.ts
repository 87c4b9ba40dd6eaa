import assert from 'node:assert/strict'
import { outcomes, verifier } from '../../support/verifying.ts'
import { workshop } from '../../support/workshop.ts'

const manifest = (more: object) =>
  `${JSON.stringify({ name: 'fx', version: '1.0.0', private: true, ...more }, undefined, 2)}\n`

describe('tool chains of a project', () => {
  it('runs a project of old on its Node, with names of its tests', async () => {
    const old = "assert.equal(process.version.split('.')[0], 'v12')"
    await using w = await workshop({
      '.nvmrc': 'v12\n',
      'package.json': manifest({
        engines: { node: '12.x', npm: '6.x' },
        scripts: { postinstall: 'node -v > node_modules/said', test: 'mocha && npm -v' },
        devDependencies: { mocha: '8.4.0' },
      }),
      '.npmrc': 'engine-strict=true\n',
      'test/a.test.js': `const assert = require('assert')\nit('is on its Node', () => { ${old} })\n`,
    })
    assert.equal(w.project.toolchain, 'Node 12 (.nvmrc)')
    const prepared = await w.prepare()
    assert.deepEqual(prepared.warnings, [])
    assert.match((await w.run(prepared, 'cat', 'node_modules/said')).text, /^v12\./)
    const check = verifier(w, prepared)
    const report = await check.run()
    assert.deepEqual(outcomes(report), ['test/a.test.js › is on its Node passed'])
    assert.equal(report.ok, true)
    const log = check.artifacts.all.get(report.steps[0]?.log ?? '')?.toString() ?? ''
    assert.match(log, /^6\./m, 'npm of its time runs its scripts')
  })

  it('compiles with the headers of an old Node, packages and the project itself', async () => {
    const addon = {
      'binding.gyp': '{ "targets": [{ "target_name": "a", "sources": ["a.c"] }] }',
      'a.c': [
        '#include <node_api.h>',
        'static napi_value init(napi_env env, napi_value exports) {',
        '  napi_value text; napi_create_string_utf8(env, NODE_VERSION, NAPI_AUTO_LENGTH, &text); return text;',
        '}',
        'NAPI_MODULE(a, init)',
      ].join('\n'),
    }
    const headers = '#include <node_version.h>\n'
    const files = { ...addon, 'a.c': `${headers}${addon['a.c']}\n` }
    await using w = await workshop({
      '.nvmrc': '12',
      '.npmrc': 'install-links=true\n',
      '.gitignore': 'build\n',
      'package.json': manifest({ scripts: { install: 'node-gyp rebuild' }, dependencies: { b: 'file:b' } }),
      ...files,
      'b/package.json': manifest({ name: 'b', scripts: { install: 'node-gyp rebuild' } }),
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`b/${path}`, text])),
    })
    const prepared = await w.prepare()
    assert.deepEqual(prepared.warnings, [])
    const built = 'build/Release/a.node'
    const use = `console.log(require('./${built}'), require('./node_modules/b/${built}'), process.version)`
    const ran = await w.run(prepared, 'sh', '-c', `PATH=/opt/project/bin:$PATH node -e "${use}"`)
    assert.match(ran.text, /^v12\.\S+ v12\.\S+ v12\./)
  })

  it('checks the types of a project whose build strips them', async () => {
    await using w = await workshop({
      'package.json': manifest({
        scripts: { build: 'node -e 0', test: 'node --test' },
        devDependencies: { typescript: '5.6.3' },
      }),
      'tsconfig.json': '{ "compilerOptions": { "strict": true, "types": [] }, "include": ["src"] }',
      'src/a.ts': 'export const one: number = 1\n',
      'a.test.js': "require('node:test').test('a', () => {})\n",
    })
    const check = verifier(w, await w.prepare())
    const steps = async (files: Readonly<Record<string, string>>) =>
      (await check.run(files)).steps.map(({ command, derived, exitCode }) => [command, derived, exitCode])
    const own = [
      ['npm run build', undefined, 0],
      ['npm test', undefined, 0],
    ]
    assert.deepEqual(await steps({}), [...own, ['tsc --noEmit -p tsconfig.json', true, 0]])
    assert.deepEqual(await steps({ 'src/a.ts': "export const one: number = 'x'\n" }), [
      ...own,
      ['tsc --noEmit -p tsconfig.json', true, 2],
    ])
  })

  it('runs scripts of a yarn whose configuration names a token', async () => {
    const token = `\${NPM_TOKEN}`
    await using w = await workshop({
      '.yarnrc.yml': `nodeLinker: node-modules\nnpmScopes:\n  acme:\n    npmAuthToken: "${token}"\n`,
      'package.json': manifest({
        packageManager: 'yarn@4.9.4',
        scripts: { prepare: 'corepack yarn again', test: 'yarn again', again: 'node --test' },
      }),
      'a.test.js': "require('node:test').test('a', () => {})\n",
    })
    const prepared = await w.prepare()
    assert.deepEqual(prepared.warnings, [])
    const report = await verifier(w, prepared).run()
    assert.equal(report.ok, true)
    assert.deepEqual(outcomes(report), ['a.test.js › a passed'])
  })

  it('measures the parts of a script that fails as a whole', async () => {
    await using w = await workshop({
      'package.json': manifest({
        scripts: {
          test: 'npm run lint && node --test --test-reporter=dot && npm audit',
          lint: 'grep -rq nothing *.test.js',
        },
      }),
      'a.test.js': "require('node:test').test('a', () => {})\n",
    })
    const check = verifier(w, await w.prepare())
    const base = await check.run()
    assert.deepEqual(
      base.steps.map(({ name, command, exitCode }) => [name, command, exitCode]),
      [
        ['test', 'node --test --test-reporter=dot', 0],
        ['lint', 'npm run lint', 1],
      ],
    )
    assert.deepEqual(outcomes(base), ['a.test.js › a passed'])
    assert.deepEqual(base.split, ['npm test'])
    assert.match(base.notes.join('\n'), /Not run here, without a network: `npm audit`/)
    const broken = {
      'a.test.js': "require('node:test').test('a', () => { throw new Error('no') })\n// nothing\n",
    }
    const update = await check.run(broken, { role: 'update', split: base.split ?? [] })
    assert.deepEqual(
      update.steps.map(({ command, exitCode }) => [command, exitCode]),
      [
        ['node --test --test-reporter=dot', 1],
        ['npm run lint', 0],
      ],
    )
    const whole = await check.run(broken, { role: 'update', split: [] })
    assert.deepEqual(
      whole.steps.map(({ command, exitCode }) => [command, exitCode]),
      [
        ['npm test', 1],
        ['npm run lint', 0],
      ],
      'what passed as a whole on the base stays whole',
    )
  })

  it('runs tests that meet an expired certificate with the clock of the commit', async () => {
    await using w = await workshop({
      'package.json': manifest({ scripts: { test: 'node --test' } }),
      'a.test.js': [
        "const { test } = require('node:test')",
        "test('a certificate', () => { if (Date.now() > Date.UTC(2024, 0, 1)) throw new Error('certificate has expired') })",
        "test('a duration', (_, done) => { setTimeout(done, 50) })",
      ].join('\n'),
    })
    const check = verifier(w, await w.prepare())
    const committed = '2023-06-01T12:00:00.000Z'
    const base = await check.run({}, { committed })
    assert.equal(base.clock, committed)
    assert.equal(base.ok, true)
    assert.match(base.notes.join('\n'), /clock of the commit, 2023-06-01/)
    assert.deepEqual(outcomes(base), ['a.test.js › a certificate passed', 'a.test.js › a duration passed'])
    const update = await check.run({}, { role: 'update', split: [], clock: committed })
    assert.equal(update.ok, true)
  })
})
