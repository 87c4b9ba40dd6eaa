import assert from 'node:assert/strict'
import { chmod, mkdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventBody } from '../../../../src/contract/events.ts'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { openBareRepository } from '../../../../src/runner/git/bareRepository.ts'
import { openRepository } from '../../../../src/runner/git/userRepository.ts'
import { packageRepository } from '../../../../src/runner/package/package.ts'
import {
  git,
  hashFolder,
  makeRepository,
  temporaryFolder,
  writeFiles,
} from '../../../support/madeRepository.ts'

const refusal = (code: string) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === code

async function packaged(
  root: string,
  session: string,
  options: { uncommitted?: boolean; keep?: boolean } = {},
) {
  const { headCommit } = await openRepository(root)
  const repository = await openBareRepository({ dir: join(session, 'repo.git'), source: root })
  const events: EventBody[] = []
  const snapshot = await packageRepository(
    {
      root,
      commit: headCommit,
      includeUncommitted: options.uncommitted === true,
      keepSecretFiles: options.keep === true,
    },
    { repository, emit: (event) => events.push(event) },
  )
  const warnings = events.flatMap((event) => (event.type === 'warning.raised' ? [event.warning.code] : []))
  const read = async (path: string) => (await repository.read(snapshot.tree, path))?.toString('latin1')
  return { snapshot, events, warnings, read, paths: snapshot.entries.map((entry) => entry.path) }
}

const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(4)}\n-----END RSA PRIVATE KEY-----\n`
const token = ['ghp', '0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R'].join('_')

describe('packageRepository', function () {
  this.timeout(60_000)

  it('leaves out what looks like a secret, by name and by content, and keeps it where told', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const secret = {
      '.env': 'A=1',
      'app/.env.production': 'A=1',
      'keys/server.pem': 'x',
      '.npmrc': `//registry.example.com/:_authToken=${'a1b2c3d4'.repeat(4)}\n`,
      'config/key.txt': key,
      'src/token.ts': `export const token = '${token}'\n`,
      '.aws/credentials': 'x',
    }
    const plain = {
      '.env.example': 'A=',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own syntax
      'sub/.npmrc': '//registry.example.com/:_authToken=${NPM_TOKEN}\nlegacy-peer-deps=true\n',
      'src/pem.ts': "if (text.startsWith('-----BEGIN RSA PRIVATE KEY-----')) fail()\n",
      'docs/aws.md': 'AKIAIOSFODNN7EXAMPLE\n',
      'src/credentials.ts': 'export {}\n',
    }
    await makeRepository(root, { ...secret, ...plain })
    const out = await packaged(root, folder.path)
    assert.deepEqual([...out.paths].sort(), Object.keys(plain).sort())
    assert.deepEqual(
      [...out.warnings].sort(),
      Object.keys(secret)
        .map((path) => `secret-left-out:${path}`)
        .sort(),
    )
    assert.deepEqual([...out.snapshot.excluded].sort(), Object.keys(secret).sort())
    assert.equal(await out.read('.env'), undefined)
    const kept = await packaged(root, folder.path, { keep: true })
    assert.equal(kept.paths.length, Object.keys({ ...secret, ...plain }).length)
    assert.deepEqual(kept.warnings, [])
  })

  it('keeps public keys, and what tests are made of, unless a service would know it', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const armour = (label: string) =>
      `-----BEGIN ${label}-----\n${'MIIB'.repeat(20)}\n-----END ${label}-----\n`
    const open = {
      'keys/pub.pem': armour('PUBLIC KEY'),
      'keys/ca.pem': `${armour('CERTIFICATE')}${armour('CERTIFICATE')}`,
    }
    const ofTests = {
      'test/priv.pem': key,
      'test/fixture/.env': 'A=1\n',
      'app/src/test/resources/store.jks': '\u0000\u0001',
      'lib/__tests__/key.ts': `export const key = \`${key}\`\n`,
    }
    const secret = {
      'keys/both.pem': `${armour('CERTIFICATE')}${key}`,
      'contest/priv.pem': key,
      'test/token.ts': `export const token = '${token}'\n`,
      'test/.npmrc': `//registry.example.com/:_authToken=${'a1b2c3d4'.repeat(4)}\n`,
    }
    await makeRepository(root, { ...open, ...ofTests, ...secret })
    const out = await packaged(root, folder.path)
    assert.deepEqual([...out.paths].sort(), Object.keys({ ...open, ...ofTests }).sort())
    assert.deepEqual(
      [...out.warnings].sort(),
      [...Object.keys(secret).map((path) => `secret-left-out:${path}`), 'test-keys-packaged'].sort(),
    )
    assert.deepEqual((await packaged(root, folder.path, { keep: true })).warnings, [])
  })

  it('warns of submodules, LFS pointers, links that leave and names that collide', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(join(folder.path, 'other'), { a: 'a' })
    await makeRepository(root, {
      'big.psd': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`,
      inside: { link: 'd/file' },
      outside: { link: '../x' },
      'd/file': 'x',
      Readme: 'a',
      README: 'b',
    })
    await git(
      root,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      join(folder.path, 'other'),
      'sub',
    )
    await git(root, 'commit', '-q', '-m', 'submodule')
    const { warnings, paths } = await packaged(root, folder.path)
    assert.deepEqual([...warnings].sort(), [
      'lfs-pointer:big.psd',
      'link-left-out:outside',
      'name-collision:Readme',
      'submodule-left-out:sub',
    ])
    assert.deepEqual(paths, ['.gitmodules', 'README', 'Readme', 'big.psd', 'd/file', 'inside'])
  })

  it('packages uncommitted work as it lies there, runs nothing of the repository and writes nothing to it', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const canary = join(folder.path, 'CANARY')
    await makeRepository(root, {
      '.gitattributes': '*.flt filter=evil diff=evil\n*.crlf text eol=crlf\n',
      '.gitignore': 'ignored/\n',
      'a.flt': 'a\n',
      'same.flt': 'same\n',
      'a.crlf': 'a\n',
      'gone.txt': 'x',
      'staged.txt': 'x',
      'run.sh': 'x',
      'renamed.txt': 'x',
    })
    // A file newer than the index is compared by content, whatever its size and times say.
    await writeFile(join(root, 'racy.flt'), 'racy\n')
    await utimes(join(root, 'racy.flt'), 4e9, 4e9)
    await git(root, 'add', 'racy.flt')
    await git(root, 'commit', '-q', '-m', 'racy')
    for (const [name, value] of Object.entries({
      'filter.evil.clean': `touch ${canary}; cat`,
      'filter.evil.smudge': `touch ${canary}; cat`,
      'filter.evil.required': 'true',
      'core.fsmonitor': `touch ${canary}`,
      'diff.external': `touch ${canary}`,
    })) {
      await git(root, 'config', name, value)
    }
    await writeFiles(root, { '.git/hooks/post-index-change': { executable: `#!/bin/sh\ntouch ${canary}\n` } })
    await writeFiles(root, {
      'a.flt': 'changed\r\n',
      'a.crlf': 'changed\r\n',
      'new/ünï\nline.txt': 'new',
      'ignored/x': 'x',
      '.env': 'SECRET=1',
      'nested/.git/HEAD': 'ref: refs/heads/main\n',
    })
    await makeRepository(join(root, 'nested'), { x: 'x' })
    await rm(join(root, 'gone.txt'))
    await chmod(join(root, 'run.sh'), 0o755)
    await symlink('a.flt', join(root, 'newlink'))
    await utimes(join(root, 'same.flt'), 1, 1)
    await rm(canary, { force: true })
    const before = await hashFolder(root)
    const { paths, read, snapshot, warnings } = await packaged(root, folder.path, { uncommitted: true })
    assert.equal(await hashFolder(root), before)
    await assert.rejects(stat(canary))
    assert.equal(await read('a.flt'), 'changed\r\n')
    assert.equal(await read('a.crlf'), 'changed\r\n')
    assert.equal(await read('same.flt'), 'same\n')
    assert.ok(paths.includes('new/ünï\nline.txt'))
    for (const path of ['gone.txt', 'ignored/x', '.env', 'nested/', 'nested/x'])
      assert.ok(!paths.includes(path), path)
    const modes = Object.fromEntries(snapshot.entries.map((entry) => [entry.path, entry.mode]))
    assert.equal(modes['run.sh'], '100755')
    assert.equal(modes.newlink, '120000')
    assert.deepEqual([...warnings].sort(), ['secret-left-out:.env', 'untracked-left-out:nested/'])
    const clean = await packaged(root, folder.path)
    assert.equal(await clean.read('a.flt'), 'a\n')
  })

  it('sees a change made within the resolution of the index', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, { 'a.txt': 'one\n' })
    await git(root, 'update-index', '--split-index')
    await writeFile(join(root, 'a.txt'), 'two\n')
    assert.equal((await openRepository(root)).dirty, true)
    const { read } = await packaged(root, folder.path, { uncommitted: true })
    assert.equal(await read('a.txt'), 'two\n')
  })

  it('refuses a file name that is not UTF-8', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, { a: 'a' })
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9])]), 'x')
    await git(root, 'add', '-A')
    await git(root, 'commit', '-q', '-m', 'odd')
    await assert.rejects(packaged(root, folder.path), refusal('unsupported-repository'))
  })
})

describe('openRepository', function () {
  this.timeout(60_000)

  it('refuses in words what is no repository with a commit', async () => {
    await using folder = await temporaryFolder()
    await assert.rejects(openRepository(folder.path), refusal('not-a-repository'))
    await assert.rejects(openRepository(join(folder.path, 'nowhere')), refusal('not-a-repository'))
    await git(folder.path, 'init', '-q', 'empty')
    await assert.rejects(openRepository(join(folder.path, 'empty')), refusal('empty-repository'))
    await git(folder.path, 'init', '-q', '--bare', 'bare.git')
    await assert.rejects(openRepository(join(folder.path, 'bare.git')), refusal('unsupported-repository'))
  })

  it('finds top, branch, commit and the push remote without credentials', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const commit = await makeRepository(root, { 'a/b': 'x' })
    await git(root, 'remote', 'add', 'origin', 'https://user:secret@git.example.com/o/r.git')
    await git(root, 'remote', 'add', 'fork', 'ssh://git@git.example.com/me/r.git')
    const found = await openRepository(join(root, 'a'))
    assert.deepEqual(found, {
      root,
      folder: 'a',
      headCommit: commit,
      branch: 'main',
      remote: { name: 'origin', url: 'https://git.example.com/o/r.git' },
      dirty: false,
      shallow: false,
    })
    await git(root, 'config', 'branch.main.pushRemote', 'fork')
    await writeFile(join(root, 'new'), 'x')
    const forked = await openRepository(root)
    assert.deepEqual(forked.remote, { name: 'fork', url: 'ssh://git@git.example.com/me/r.git' })
    assert.equal(forked.dirty, true)
  })

  it('takes a file that was touched but not changed for clean', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, { a: 'x' })
    await utimes(join(root, 'a'), 1, 1)
    assert.equal((await openRepository(root)).dirty, false)
    await mkdir(join(root, 'emptyfolder'))
    assert.equal((await openRepository(root)).dirty, false)
  })
})
