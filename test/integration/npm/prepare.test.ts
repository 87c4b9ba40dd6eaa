import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../../src/contract/failure.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { workshop } from '../../support/workshop.ts'

const manifest = (more: object) =>
  `${JSON.stringify({ name: 'fx', version: '1.0.0', private: true, ...more }, undefined, 2)}\n`
const failure = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === code && message.test(error.failure.message)

describe('prepare', () => {
  it('builds native packages offline', async () => {
    await using w = await workshop({ 'package.json': manifest({ dependencies: { bufferutil: '4.0.8' } }) })
    const prepared = await w.prepare()
    assert.deepEqual(prepared.warnings, [])
    const script =
      "require('node-gyp-build').path('node_modules/bufferutil'); require('bufferutil').mask(Buffer.alloc(1), Buffer.alloc(4), Buffer.alloc(1), 0, 1); console.log('native')"
    assert.match((await w.run(prepared, 'node', '-e', script)).text, /native/)
  })

  it('brings along what the host has, and asks again for what is damaged there', async () => {
    await using folder = await temporaryFolder()
    const files = { 'package.json': manifest({ dependencies: { semver: '7.6.0' } }) }
    const options = { cacheDir: folder.path }
    await using first = await workshop(files, options)
    const lock = (await first.prepare()).locks[0]?.bytes ?? Buffer.alloc(0)
    const installed = async () => {
      await using w = await workshop({ ...files, 'package-lock.json': lock }, options)
      const prepared = await w.prepare()
      const script = "console.log(require('semver/package.json').version); require('semver')"
      const { text } = await w.run(prepared, 'sh', '-c', `node -e "${script}" && ls -A`)
      return { asked: w.fetched.map(({ name }) => name).sort(), text }
    }
    const text = '7.6.0\n.git\nnode_modules\npackage-lock.json\npackage.json\n'
    assert.deepEqual(await installed(), { asked: [], text })
    const store = join(folder.path, 'packages')
    const kept = (await readdir(store, { recursive: true })).filter((name) =>
      /^content-v2.*\w{100}$/.test(name),
    )
    assert.equal(kept.length, 3)
    for (const name of kept) await writeFile(join(store, name), 'other bytes')
    assert.deepEqual(await installed(), { asked: ['lru-cache', 'semver', 'yallist'], text })
  })

  it('runs the lifecycle of root and workspaces with their binaries, and links workspaces', async () => {
    await using w = await workshop({
      '.gitignore': 'node_modules\nout\n',
      'package.json': manifest({
        workspaces: ['packages/*'],
        scripts: { prepare: 'semver 1.2.3 > out', postinstall: 'a-tool >> log' },
        dependencies: { semver: '7.6.0' },
      }),
      'packages/a/package.json': manifest({ name: 'a', bin: { 'a-tool': 'tool.js' } }),
      'packages/a/tool.js': { executable: "#!/usr/bin/env node\nconsole.log('tool', require('b'))\n" },
      'packages/b/package.json': manifest({ name: 'b' }),
      'packages/b/index.js': "module.exports = 'b'\n",
    })
    const prepared = await w.prepare()
    assert.deepEqual(
      prepared.warnings.map(({ message }) => message),
      [],
    )
    const ran = await w.run(
      prepared,
      'sh',
      '-c',
      'cat out log && git status --porcelain --untracked-files=all',
    )
    assert.equal(ran.text, '1.2.3\ntool b\n', 'what scripts made never looks like a change')
  })

  it('builds the others where one package fails', async () => {
    const own = (name: string, script: string) => ({
      [`vendor/${name}/package.json`]: manifest({ name, scripts: { postinstall: script } }),
    })
    await using w = await workshop({
      '.npmrc': 'install-links=true\n',
      'package.json': manifest({ dependencies: { good: 'file:vendor/good', bad: 'file:vendor/bad' } }),
      ...own('good', 'touch /workspace/built'),
      ...own('bad', 'echo wants the network && exit 3'),
    })
    const prepared = await w.prepare()
    assert.match(prepared.warnings.map(({ message }) => message).join(), /failed: bad$/)
    assert.match((await w.run(prepared, 'ls')).text, /^built$/m)
  })

  it('reports a script that wants the network, and goes on', async () => {
    await using w = await workshop({
      'package.json': manifest({
        scripts: {
          postinstall:
            "node -e \"fetch('http://registry.example.com').catch(e => { console.error('no way out', e.cause.code); process.exit(1) })\"",
        },
      }),
    })
    const prepared = await w.prepare()
    assert.equal(prepared.warnings[0]?.code, 'install-script-failed:npm run postinstall')
    assert.match(prepared.warnings[0]?.message ?? '', /no way out/)
    assert.deepEqual((await w.prepare()).warnings, prepared.warnings, 'cached ones say so too')
  })

  it('runs no code of the repository while packages can be fetched', async () => {
    const evil = { executable: '#!/bin/sh\ntouch /workspace/node_modules/CANARY /tmp/CANARY_EXEC\nexit 1\n' }
    await using w = await workshop({
      '.npmrc': 'git=./evil.sh\nscript-shell=./evil.sh\nnode-options=--require ./evil.js\nprefix=.\n',
      'evil.sh': evil,
      'evil.js': "require('node:fs').writeFileSync('/workspace/node_modules/CANARY', '')\n",
      '.pnpmfile.cjs': "require('node:fs').writeFileSync('/workspace/node_modules/CANARY', '')\n",
      'package.json': manifest({ dependencies: { ms: '2.1.3' } }),
    })
    const prepared = await w.prepare()
    const ran = await w.run(prepared, 'sh', '-c', 'ls node_modules; ls /tmp')
    assert.doesNotMatch(ran.text, /CANARY/)
    assert.match(ran.text, /^ms$/m)
  })

  it('lets nothing of a hostile script into .git or the sources', async () => {
    const plant = [
      "const fs = require('node:fs')",
      "fs.mkdirSync('.git/hooks', { recursive: true })",
      "fs.writeFileSync('.git/hooks/pre-commit', 'evil')",
      "fs.writeFileSync('.git/config', '[core]\\n\\tfsmonitor = ./evil')",
      "fs.mkdirSync('node_modules/ms/.git', { recursive: true })",
      "fs.writeFileSync('source.js', 'evil')",
      "fs.rmSync('src', { recursive: true })",
      "fs.symlinkSync('/tmp', 'src')",
      "require('node:child_process').spawn('sh', ['-c', 'while true; do mkdir -p .git/hooks; echo evil > .git/hooks/pre-commit; sleep 0.1; done'], { detached: true, stdio: 'ignore' }).unref()",
    ].join('\n')
    await using w = await workshop({
      'package.json': manifest({ dependencies: { ms: '2.1.3' }, scripts: { postinstall: 'node plant.js' } }),
      'plant.js': plant,
      'source.js': 'good\n',
      'src/index.js': 'good\n',
    })
    const prepared = await w.prepare()
    const look =
      'find / -name pre-commit -not -path "/proc/*" 2>/dev/null; find . -name .git; cat .git/config source.js src/index.js; git status --porcelain'
    const ran = await w.run(prepared, 'sh', '-c', look)
    assert.doesNotMatch(ran.text, /evil|pre-commit$|node_modules\/ms\/\.git/m)
    assert.match(ran.text, /good\ngood\n$/)
  })

  it('refuses bytes that the lock file does not pin', async () => {
    const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`
    const lock = {
      name: 'fx',
      lockfileVersion: 3,
      packages: {
        '': { name: 'fx', version: '1.0.0', dependencies: { ms: '2.1.3' } },
        'node_modules/ms': { version: '2.1.3', integrity },
      },
    }
    await using w = await workshop({
      'package.json': manifest({ dependencies: { ms: '2.1.3' } }),
      'package-lock.json': JSON.stringify(lock),
    })
    await assert.rejects(w.prepare(), failure('integrity-mismatch', /ms@2\.1\.3/))
  })

  it('says why an install failed', async () => {
    await using w = await workshop({
      'package.json': manifest({ dependencies: { ms: '2.1.3' }, overrides: { ms: '2.0.0' } }),
    })
    await assert.rejects(w.prepare(), failure('install-failed', /EOVERRIDE/))
  })

  it('writes the lock file again where manifests were edited by hand', async () => {
    await using first = await workshop({ 'package.json': manifest({ dependencies: { ms: '2.1.2' } }) })
    const lock = (await first.prepare()).locks[0]?.bytes ?? Buffer.alloc(0)
    await using w = await workshop({
      'package.json': manifest({ dependencies: { ms: '2.1.3' } }),
      'package-lock.json': lock,
    })
    const prepared = await w.prepare({ refreshLocks: true })
    assert.notEqual(prepared.tree, w.tree)
    const text = (await w.context.repository.read(prepared.tree, 'package-lock.json'))?.toString('utf8') ?? ''
    assert.match(text, /"version": "2\.1\.3"/)
    assert.doesNotMatch(text, /2\.1\.2|127\.0\.0\.1/)
  })
})

describe('update', () => {
  it('moves the peers that must move, so that npm ci works', async () => {
    const dependencies = { react: '^18.2.0', 'react-dom': '^18.2.0' }
    await using first = await workshop({
      'package.json': manifest({ dependencies, devDependencies: { '@types/react': '^18.2.0' } }),
    })
    const lock = (await first.prepare()).locks[0]?.bytes ?? Buffer.alloc(0)
    await using w = await workshop({
      'package.json': manifest({ dependencies, devDependencies: { '@types/react': '^18.2.0' } }),
      'package-lock.json': lock,
    })
    const update = await w.update({ package: 'react', requested: '^19.0.0' })
    assert.ok(update)
    assert.deepEqual(
      update.plan.moves.map(({ name }) => name),
      ['react', 'react-dom', '@types/react'],
    )
    assert.deepEqual(update.warnings, [])
    const after = await w.prepare({ tree: update.tree })
    const ran = await w.run(
      after,
      'node',
      '-p',
      "require('react/package.json').version[1] + require('react-dom/package.json').version[1]",
    )
    assert.equal(ran.text.trim(), '99')
  })

  it('changes the manifest alone where there is no lock file', async () => {
    await using w = await workshop({
      'package.json': manifest({ dependencies: { ms: '2.0.0', 'is-odd': '^3.0.0' } }),
    })
    const base = await w.prepare()
    assert.ok(base.locks[0])
    const update = await w.update({ package: 'ms', requested: 'latest', locks: base.locks })
    assert.ok(update?.locks[0])
    assert.deepEqual(
      update.patch.files.map(({ path }) => path),
      ['package.json'],
    )
    const after = await w.prepare({ tree: update.tree, locks: update.locks })
    assert.equal((await w.run(after, 'node', '-p', "require('ms/package.json').version")).text.trim()[2], '1')
    assert.equal(await w.update({ package: 'is-odd', requested: 'latest', locks: base.locks }), undefined)
  })
})
