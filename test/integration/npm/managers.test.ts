import assert from 'node:assert/strict'
import { treeView } from '../../../src/runner/ecosystems/treeView.ts'
import { inTurn } from '../../support/inTurn.ts'
import { type Workshop, workshop } from '../../support/workshop.ts'

const script = "node -e \"console.log(require('ms')(1000), require('is-odd')(3))\""
const manifest = (packageManager: string) =>
  `${JSON.stringify({ name: 'fx', version: '1.0.0', private: true, packageManager, scripts: { test: script }, dependencies: { ms: '^2.0.0', 'is-odd': '^3.0.0' } }, undefined, 2)}\n`

/** Lock formats that no current version writes are made from those that it does. */
const older = (text: string) => text.replace(/^ {2}version: 10$/m, '  version: 8')

const managers: readonly (readonly [
  name: string,
  declared: string,
  expected: string,
  change?: (text: string) => string,
])[] = [
  ['npm', 'npm@10.0.0', 'npm@10'],
  ['pnpm 9', 'pnpm@9.0.0', 'pnpm@9'],
  ['pnpm 10', 'pnpm@10.0.0', 'pnpm@10'],
  ['yarn classic', 'yarn@1.22.0', 'yarn@1'],
  ['yarn 3', 'yarn@3.6.0', 'yarn@3'],
  ['yarn 4', 'yarn@4.0.0', 'yarn@4'],
  ['yarn 4 with an older lock file', 'yarn@4.0.0', 'yarn@4.9', older],
]

describe('package managers in containers, against the registry', () => {
  for (const [at, [name, declared, expected, change]] of managers.entries())
    inTurn(at, 3)(`${name}: resolves once, installs what the lock file says, updates it`, async () => {
      const files = { '.gitignore': 'node_modules\n', 'package.json': manifest(declared) }
      await using without = await workshop(files)
      const resolved = await without.prepare()
      assert.equal(resolved.tree, without.tree, 'a made lock file is never part of the tree')
      assert.ok(resolved.locks[0])
      await shows(without, resolved, '1s true')
      const written = resolved.locks[0].bytes.toString('utf8')
      assert.doesNotMatch(written, /127\.0\.0\.1|4873/)

      await using withLock = await workshop({
        ...files,
        [resolved.locks[0].path]: change?.(written) ?? written,
      })
      assert.equal(withLock.project.packageManager, expected)
      const prepared = await withLock.prepare()
      assert.deepEqual(prepared.locks, [])
      assert.deepEqual(prepared.warnings, [])
      assert.ok(withLock.fetched.filter(({ version }) => version).every(({ cached }) => cached))
      await shows(withLock, prepared, '1s true')
      assert.equal((await withLock.prepare()).cached, true)

      // Not the newest that the new range admits: the lock file must hold it all the same.
      const update = await withLock.update({ package: 'ms', requested: '2.1.2' })
      assert.ok(update)
      assert.deepEqual(
        update.warnings.map(({ code }) => code),
        ['downgrade:ms'],
      )
      assert.deepEqual(
        update.patch.files.map(({ path }) => path).sort(),
        ['package.json', resolved.locks[0].path].sort(),
      )
      assert.match(update.patch.text, /\+ {4}"ms": "\^2\.1\.2"/)
      assert.doesNotMatch(update.patch.text, /127\.0\.0\.1|4873/)
      const changed = update.patch.text.split('\n').filter((line) => /^[-+](?![-+])/.test(line))
      assert.ok(changed.length <= 14, `only what moves changes:\n${changed.join('\n')}`)
      const after = await withLock.prepare({ tree: update.tree })
      const version = await withLock.run(after, 'node', '-p', "require('ms/package.json').version")
      assert.equal(version.text.trim(), '2.1.2')
    })
})

async function shows(from: Workshop, prepared: Awaited<ReturnType<Workshop['prepare']>>, expected: string) {
  // As verify runs it: by the package manager itself.
  const view = await treeView(from.context.repository, prepared.tree)
  const [check] = await from.context.ecosystem.checks(view, from.project, { steps: ['test'] })
  assert.ok(check)
  const env = Object.entries(check.env).map(([name, value]) => `${name}=${value}`)
  const checked = await from.run(prepared, 'env', ...env, ...check.argv)
  assert.equal(checked.exitCode, 0, checked.text)
  assert.match(checked.text, new RegExp(`^${expected}$`, 'm'))
  const ran = await from.run(prepared, 'sh', '-c', 'npm test --silent && git status --porcelain && ls -A')
  assert.equal(ran.exitCode, 0, ran.text)
  const [output, ...rest] = ran.text.trim().split('\n')
  assert.equal(output, expected)
  // Nothing of the install phase is left, and nothing looks changed.
  const known = ['.git', '.gitignore', 'node_modules', 'package.json', prepared.locks.length === 0 ? '' : '-']
  assert.deepEqual(
    rest.filter((line) => !known.includes(line) && !/lock/.test(line)),
    [],
  )
}
