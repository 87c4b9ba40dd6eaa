import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'
import { extract } from 'tar-stream'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { openBareRepository } from '../../../../src/runner/git/bareRepository.ts'
import { git, hashFolder, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

interface Unpacked {
  readonly type: string
  readonly mode: number
  readonly owner: number
  readonly link: string | undefined
  readonly bytes: string
}

async function unpack(archive: Readable): Promise<Map<string, Unpacked>> {
  const found = new Map<string, Unpacked>()
  const reader = extract()
  const done = pipeline(archive, reader)
  for await (const entry of reader) {
    const pieces: Buffer[] = []
    for await (const piece of entry) pieces.push(piece as Buffer)
    const { name, type, mode, uid, linkname } = entry.header
    const bytes = Buffer.concat(pieces).toString('latin1')
    found.set(name, { type, mode, owner: uid, link: linkname, bytes })
  }
  await done
  return found
}

const refusal = (code: string) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === code

const oddNames = [
  'with blank.txt',
  'ünï/cödé.txt',
  'new\nline.txt',
  'tab\t"quote"\\.txt',
  `${'long/'.repeat(60)}${'n'.repeat(200)}.txt`,
  '-dash',
  '*glob?[x]',
]

describe('openBareRepository', function () {
  this.timeout(60_000)

  it('gives each file its own bytes, whatever sizes stand beside each other', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const large = (of: string): string => of.repeat(1024 * 1024 + 1)
    const sizes = ['', 'x', large('y'), large('z')]
    const sequence = sizes.flatMap((first) =>
      sizes.flatMap((second) => sizes.map((third) => [first, second, third])),
    )
    const files = Object.fromEntries(
      sequence.flatMap((three, at) =>
        three.map((content, n) => [`${String(at).padStart(3, '0')}-${n}`, content]),
      ),
    )
    const commit = await makeRepository(root, files)
    const bare = await openBareRepository({
      dir: join(folder.path, 'bare.git'),
      source: root,
      env: process.env,
    })
    const tree = await git(root, 'rev-parse', `${commit}^{tree}`)
    const found = await unpack(bare.archive(await bare.entries(tree)))
    const wrong = Object.entries(files).filter(([path, content]) => found.get(path)?.bytes !== content)
    assert.deepEqual(
      wrong.map(([path]) => path),
      [],
    )
  })

  it('archives raw blobs: attributes, CRLF, modes, links and odd names', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, {
      'crlf.txt': 'a\r\nb\r\n',
      'lf.txt': 'a\nb\n',
      'test/a.test.js': 'x',
      'run.sh': { executable: '#!/bin/sh\n' },
      link: { link: 'lf.txt' },
      out: { link: '../../etc/passwd' },
      absolute: { link: '/etc/passwd' },
      git: { link: '.git/config' },
      'big.bin': Buffer.alloc(3_000_000, 7),
      empty: '',
      ...Object.fromEntries(oddNames.map((name) => [name, name])),
    })
    await writeFile(
      join(root, '.gitattributes'),
      '* text=auto eol=crlf\ntest export-ignore\nlf.txt ident export-subst\n',
    )
    await git(root, 'add', '.gitattributes')
    await git(root, 'commit', '-q', '-m', 'attributes')
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const entries = await bare.entries(await git(root, 'rev-parse', 'HEAD^{tree}'))
    const files = await unpack(bare.archive(entries))
    assert.equal(files.get('crlf.txt')?.bytes, 'a\r\nb\r\n')
    assert.equal(files.get('lf.txt')?.bytes, 'a\nb\n')
    assert.equal(files.get('test/a.test.js')?.bytes, 'x')
    assert.deepEqual(files.get('run.sh'), {
      type: 'file',
      mode: 0o755,
      owner: 1000,
      link: null,
      bytes: '#!/bin/sh\n',
    })
    assert.equal(files.get('link')?.link, 'lf.txt')
    for (const name of ['out', 'absolute', 'git']) assert.equal(files.has(name), false, name)
    assert.equal(files.get('big.bin')?.bytes.length, 3_000_000)
    for (const name of oddNames)
      assert.equal(files.get(name)?.bytes, Buffer.from(name).toString('latin1'), name)
    assert.deepEqual([files.get('test/')?.type, files.get('test/')?.owner], ['directory', 1000])
    assert.equal(entries.find((entry) => entry.path === 'big.bin')?.size, 3_000_000)
  })

  it('changes, diffs and applies trees, and reads back what it wrote', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const base = await makeRepository(root, {
      'a.txt': 'one\ntwo\n',
      'gone.txt': 'x\n',
      'run.sh': { executable: '#!/bin/sh\n' },
      'latin.txt': Buffer.from([0xe9, 10]),
      'data.bin': Buffer.from([0, 1, 2, 255]),
    })
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
    const changed = await bare.withFiles(
      tree,
      new Map<string, Buffer | null>([
        ['a.txt', Buffer.from('one\nTWO\r\n')],
        ['gone.txt', null],
        ['run.sh', Buffer.from('#!/bin/bash\n')],
        ['new/ünï code.txt', Buffer.from('no newline')],
        ['latin.txt', Buffer.from([0xe8, 10])],
        ['data.bin', Buffer.from([0, 9, 9, 255])],
      ]),
    )
    const patch = await bare.diff(base, tree, changed)
    assert.deepEqual(
      patch.files.map((file) => `${file.status} ${file.mode ?? '-'} ${file.path} ${file.binary}`).sort(),
      [
        'added 100644 new/ünï code.txt false',
        'deleted - gone.txt false',
        'modified 100644 a.txt false',
        'modified 100644 data.bin true',
        'modified 100644 latin.txt true',
        'modified 100755 run.sh false',
      ],
    )
    assert.equal(await bare.apply(tree, patch.text), changed)
    assert.deepEqual(await bare.read(changed, 'latin.txt'), Buffer.from([0xe8, 10]))
    assert.equal(await bare.read(changed, 'gone.txt'), undefined)
    assert.equal(await bare.read(changed, 'new'), undefined)
    const change = await bare.changes(tree, changed)
    assert.deepEqual(change.deleted, ['gone.txt'])
    assert.equal(change.written.find((entry) => entry.path === 'a.txt')?.size, 9)
    const commit = await bare.commit(changed, base, 'Change\n')
    assert.match(commit, /^[0-9a-f]{40}$/)
    await assert.rejects(bare.apply(changed, patch.text), refusal('patch-refused'))
  })

  it('refuses to change a link through a patch that shows a regular file', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, { link: { link: 'a' }, a: 'a\n' })
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
    const text =
      'diff --git a/link b/link\n--- a/link\n+++ b/link\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+/etc/passwd\n\\ No newline at end of file\n'
    await assert.rejects(bare.apply(tree, text), refusal('patch-refused'))
  })

  it('makes a .git of one commit that git in a work tree finds clean', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, {
      'a.txt': 'a\r\n',
      'run.sh': { executable: 'x' },
      l: { link: 'a.txt' },
      'd/b': 'b',
    })
    await git(root, 'commit', '-q', '--allow-empty', '-m', 'Second')
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
    const work = join(folder.path, 'work')
    await mkdir(work)
    for (const archive of [bare.archive(await bare.entries(tree)), await bare.oneCommitGit(tree)]) {
      await execa('tar', ['-x', '--no-same-owner', '-C', work], { input: archive })
    }
    assert.equal(await git(work, 'status', '--porcelain'), '')
    assert.equal(await git(work, 'rev-list', '--count', 'HEAD'), '1')
    assert.equal(await git(work, 'rev-parse', 'HEAD^{tree}'), tree)
    assert.equal(await git(work, 'fsck', '--strict'), '')
  })

  it('borrows from work trees, clones with alternates and shallow clones, and writes to none', async () => {
    await using folder = await temporaryFolder()
    const at = (name: string) => join(folder.path, name)
    await makeRepository(at('first'), { 'a.txt': '1\n' })
    await git(at('first'), 'commit', '-q', '--allow-empty', '-m', 'Second')
    await git(folder.path, 'clone', '-q', '--shared', 'first', 'second')
    await git(folder.path, 'clone', '-q', '--shared', 'second', 'third')
    await git(at('third'), 'worktree', 'add', '-q', '../tree')
    await git(folder.path, 'clone', '-q', '--depth=1', `file://${at('first')}`, 'shallow')
    const before = await hashFolder(folder.path)
    for (const name of ['tree', 'shallow']) {
      await using session = await temporaryFolder()
      const bare = await openBareRepository({ dir: join(session.path, 'repo.git'), source: at(name) })
      const [entry] = await bare.entries(
        'HEAD^{tree}'.replace('HEAD', await git(at(name), 'rev-parse', 'HEAD')),
      )
      assert.equal(entry?.path, 'a.txt')
      await bare.withFiles(
        await git(at(name), 'rev-parse', 'HEAD^{tree}'),
        new Map([['b', Buffer.from('b')]]),
      )
      assert.match(await readFile(join(bare.dir, 'objects/info/alternates'), 'utf8'), /^\/.*objects\n/)
    }
    assert.equal(await hashFolder(folder.path), before)
  })

  it('works in a repository of SHA-256 objects', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await git(folder.path, 'init', '-q', '--object-format=sha256', 'user')
    await makeRepository(root, { a: 'a\n' })
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const base = await git(root, 'rev-parse', 'HEAD')
    const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
    const changed = await bare.withFiles(tree, new Map([['a', Buffer.from('b\n')]]))
    const patch = await bare.diff(base, tree, changed)
    assert.equal(await bare.apply(tree, patch.text), changed)
  })
})
