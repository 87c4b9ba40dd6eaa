import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import ssri from 'ssri'
import tar from 'tar-stream'
import { type Forge, startForge } from '../../support/forge.ts'
import { inTurn } from '../../support/inTurn.ts'
import { workshop } from '../../support/workshop.ts'

const manifest = (packageManager: string, widget: string) =>
  `${JSON.stringify({ name: 'fx', version: '1.0.0', private: true, packageManager, dependencies: { ms: '2.1.1', widget } }, undefined, 2)}\n`

const managers = ['npm@10.0.0', 'pnpm@10.0.0', 'yarn@1.22.0', 'yarn@4.0.0'] as const

describe('dependencies from git, by each package manager', () => {
  let forge: Forge
  let commit: string
  before(async () => {
    forge = await startForge()
    commit = await forge.add(
      'acme/widget',
      {
        'package.json': JSON.stringify({
          name: 'widget',
          version: '1.2.0',
          dependencies: { 'is-odd': '3.0.1' },
        }),
        'index.js': "module.exports = 'widget ' + require('is-odd')(3)\n",
      },
      { tag: 'v1.2.0' },
    )
  })
  after(() => forge[Symbol.asyncDispose]())

  for (const [at, manager] of managers.entries())
    inTurn(at, 2)(`${manager}: taken at the locked commit, and written back as it was`, async () => {
      const git = { hosts: [], env: forge.env }
      const files = {
        '.gitignore': 'node_modules\n',
        'package.json': manifest(manager, 'github:acme/widget#v1.2.0'),
      }
      await using without = await workshop(files, { git })
      const resolved = await without.prepare()
      assert.deepEqual(
        resolved.warnings.map(({ code }) => code),
        [],
        'the made lock file pins it',
      )
      const run = await without.run(resolved, 'node', '-p', "require('widget')")
      assert.equal(run.text.trim(), 'widget true')
      const written = resolved.locks[0]?.bytes.toString('utf8') ?? ''
      assert.doesNotMatch(written, /127\.0\.0\.1|4873/)
      assert.match(written, new RegExp(commit))
      assert.match(written, /github:acme\/widget#v1\.2\.0/)

      const path = resolved.locks[0]?.path ?? ''
      await using withLock = await workshop({ ...files, [path]: written }, { git })
      const update = await withLock.update({ package: 'ms', requested: '2.1.2' })
      assert.ok(update)
      assert.deepEqual(update.warnings, [])
      const changed = update.patch.text.split('\n').filter((line) => /^[-+](?![-+])/.test(line))
      assert.ok(
        changed.every((line) => !/widget|127\.0\.0\.1|4873/.test(line)),
        `only what moves changes:\n${changed.join('\n')}`,
      )
      const after = await withLock.prepare({ tree: update.tree })
      const both = await withLock.run(
        after,
        'node',
        '-p',
        "require('widget') + require('ms/package.json').version",
      )
      assert.equal(both.text.trim(), 'widget true2.1.2')
    })

  it('what is built first is built, in a project container, with what it needs for that', async () => {
    const build =
      "require('fs').mkdirSync('lib', { recursive: true }); require('fs').writeFileSync('lib/index.js', 'module.exports = ' + require('ms')(60000))"
    await forge.add('acme/built', {
      'package.json': JSON.stringify({
        name: 'built',
        version: '1.0.0',
        main: 'lib/index.js',
        scripts: { prepare: 'node build.js' },
        devDependencies: { ms: '2.0.0' },
      }),
      'build.js': build.replace("require('ms')(60000)", "JSON.stringify('built ' + require('ms')(60000))"),
    })
    const git = { hosts: [forge.host], env: forge.env }
    const dependencies = { built: `git+${forge.url}/acme/built.git` }
    const files = { 'package.json': JSON.stringify({ name: 'fx', private: true, dependencies }) }
    await using project = await workshop(files, { git })
    const prepared = await project.prepare()
    assert.deepEqual(prepared.warnings, [])
    const run = await project.run(prepared, 'node', '-p', "require('built')")
    assert.equal(run.text.trim(), 'built 1m')
    const left = await project.run(prepared, 'sh', '-c', 'ls -A node_modules node_modules/.drydock-build')
    assert.doesNotMatch(left.text, /^ms$/m, 'what only the build needs does not stay')
  })

  it('a tarball by its address is pinned by what it was, and checked from then on', async () => {
    const pack = tar.pack()
    pack.entry({ name: 'package/package.json' }, JSON.stringify({ name: 'boxed', version: '2.0.0' }))
    pack.entry({ name: 'package/index.js' }, "module.exports = 'boxed'\n")
    pack.finalize()
    const bytes = gzipSync(await buffer(pack))
    const server = createServer((_, response) => response.end(bytes))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
      const boxed = `http://${host}/boxed-2.0.0.tgz`
      const files = { 'package.json': JSON.stringify({ name: 'fx', private: true, dependencies: { boxed } }) }
      await using project = await workshop(files, { git: { hosts: [host], env: {} } })
      const prepared = await project.prepare()
      const run = await project.run(prepared, 'node', '-p', "require('boxed')")
      assert.equal(run.text.trim(), 'boxed')
      const entry = JSON.parse(prepared.locks[0]?.bytes.toString() ?? '').packages['node_modules/boxed']
      assert.equal(entry.resolved, boxed)
      assert.equal(entry.integrity, ssri.fromData(bytes, { algorithms: ['sha512'] }).toString())
    } finally {
      server.close()
    }
  })
})
