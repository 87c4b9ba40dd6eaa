import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type ArchiveFile, archiveFiles } from './archive.ts'
import type { Git } from './program.ts'

const author = {
  GIT_AUTHOR_NAME: 'Drydock',
  GIT_AUTHOR_EMAIL: 'drydock@localhost',
  GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Drydock',
  GIT_COMMITTER_EMAIL: 'drydock@localhost',
  GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
}

/**
 * A tar of `.git` with one parentless commit of the tree on `main` and an index that matches it. The pack is
 * streamed from a scratch folder, which goes when the stream has ended.
 */
export async function oneCommitGit(git: Git, dir: string, tree: string): Promise<Readable> {
  const scratch = await mkdtemp(join(dir, 'scratch-'))
  const remove = () => rm(scratch, { recursive: true, force: true })
  try {
    const archive = await writeOneCommit(git, tree, scratch)
    archive.once('close', () => void remove().catch(() => {}))
    return archive
  } catch (error) {
    await remove()
    throw error
  }
}

async function writeOneCommit(git: Git, tree: string, scratch: string): Promise<Readable> {
  const index = join(scratch, 'index')
  await git.run(['read-tree', tree], { env: { GIT_INDEX_FILE: index } })
  const commit = await git.text(['commit-tree', tree, '-m', 'Snapshot'], { env: author })
  // Deltas that exist are reused; finding new ones would take longer than the transfer saves.
  const pack = ['pack-objects', '--revs', '--quiet', '--window=0', join(scratch, 'pack')]
  await git.run(pack, { input: `${commit}\n` })
  const packs = (await readdir(scratch)).filter((name) => /^pack-[0-9a-f]+\.(pack|idx)$/.test(name))
  const files = [
    inMemory('.git/HEAD', 'ref: refs/heads/main\n'),
    inMemory('.git/config', configuration(commit)),
    inMemory('.git/refs/heads/main', `${commit}\n`),
    await onDisk('.git/index', index),
    ...(await Promise.all(packs.map((name) => onDisk(`.git/objects/pack/${name}`, join(scratch, name))))),
  ]
  return archiveFiles(files, ['.git/objects/info', '.git/refs/tags'])
}

function inMemory(path: string, text: string): ArchiveFile {
  const content = Buffer.from(text)
  return { path, size: content.length, content }
}

async function onDisk(path: string, from: string): Promise<ArchiveFile> {
  const { size } = await stat(from)
  return { path, size, content: readLazily(from) }
}

async function* readLazily(path: string): AsyncGenerator<Buffer> {
  yield* createReadStream(path, { highWaterMark: 256 * 1024 })
}

function configuration(commit: string): string {
  const sha256 = commit.length === 64
  const core = `[core]\n\trepositoryformatversion = ${sha256 ? 1 : 0}\n\tfilemode = true\n\tbare = false\n`
  return sha256 ? `${core}[extensions]\n\tobjectformat = sha256\n` : core
}
