import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { archiveFiles } from './archive.ts'
import type { Git } from './run.ts'
import { withIndex } from './temporaryIndex.ts'

const author = {
  GIT_AUTHOR_NAME: 'Drydock',
  GIT_AUTHOR_EMAIL: 'drydock@localhost',
  GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Drydock',
  GIT_COMMITTER_EMAIL: 'drydock@localhost',
  GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
}

/** A tar of `.git` with one parentless commit of the tree on `main` and an index that matches it. */
export async function oneCommitGit(git: Git, dir: string, tree: string): Promise<Readable> {
  return withIndex(git, dir, tree, async (index, scratch) => {
    const commit = await git.text(['commit-tree', tree, '-m', 'Snapshot'], { env: author })
    const pack = join(scratch, 'pack')
    // Deltas that exist are reused; finding new ones would take longer than the transfer saves.
    await git.run(['pack-objects', '--revs', '--quiet', '--window=0', pack], { input: `${commit}\n` })
    const files = new Map<string, Buffer>([
      ['.git/HEAD', Buffer.from('ref: refs/heads/main\n')],
      ['.git/config', Buffer.from(configuration(commit))],
      ['.git/refs/heads/main', Buffer.from(`${commit}\n`)],
      ['.git/index', await readFile(index.GIT_INDEX_FILE ?? '')],
    ])
    for (const name of await readdir(scratch)) {
      if (!/^pack-[0-9a-f]+\.(pack|idx)$/.test(name)) continue
      files.set(`.git/objects/pack/${name}`, await readFile(join(scratch, name)))
    }
    return archiveFiles(files, ['.git/objects/info', '.git/refs/tags'])
  })
}

function configuration(commit: string): string {
  const sha256 = commit.length === 64
  const core = `[core]\n\trepositoryformatversion = ${sha256 ? 1 : 0}\n\tfilemode = true\n\tbare = false\n`
  return sha256 ? `${core}[extensions]\n\tobjectformat = sha256\n` : core
}
