import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'
import { openBareRepository } from '../src/runner/git/bareRepository.ts'
import { packageRepository } from '../src/runner/package/package.ts'
import { type BenchRow, median } from './row.ts'

const FILES = 100_000
const ROUNDS = 3

/** A bare repository of many small files, written without a work tree. */
async function manyFiles(dir: string): Promise<string> {
  await execa('git', ['init', '--quiet', '--bare', dir])
  const importer = spawn('git', ['--git-dir', dir, 'fast-import', '--quiet'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  importer.stdin.write(
    'commit refs/heads/main\ncommitter Ada <ada@example.com> 1600000000 +0000\ndata 1\nx\n',
  )
  for (let at = 0; at < FILES; at += 1) {
    const text = `export const value${at} = ${at}\n`.repeat(1 + ((at * 7) % 60))
    const file = `M 100644 inline packages/p${at % 20}/d${at % 400}/file${at}.ts\ndata ${text.length}\n${text}\n`
    if (!importer.stdin.write(file)) await once(importer.stdin, 'drain')
  }
  importer.stdin.end()
  await once(importer, 'exit')
  await execa('git', ['--git-dir', dir, 'repack', '-adfq']) // as a clone would be packed
  return (await execa('git', ['--git-dir', dir, 'rev-parse', 'refs/heads/main'])).stdout
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

/** Packaging (tree, secrets, tar) against `git archive | tar -x`, both unpacked, taking turns in one run. */
export async function packagingRows(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-bench-'))
  try {
    const source = join(folder, 'source.git')
    const commit = await manyFiles(source)
    const theirs: number[] = []
    const ours: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      theirs.push(await unpacked(folder, (to) => archiveOfGit(source, to)))
      ours.push(await unpacked(folder, (to) => archiveOfOurs(folder, source, commit, to)))
    }
    const ratio = median(ours) / median(theirs)
    return [
      {
        what: 'git archive | tar -x, 100,000 files',
        value: median(theirs),
        unit: 's',
        goal: 'none',
        ok: true,
      },
      { what: 'packaging | tar -x, 100,000 files', value: median(ours), unit: 's', goal: 'none', ok: true },
      { what: 'packaging against git archive', value: ratio, unit: '×', goal: '≤ 1.5', ok: ratio <= 1.5 },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function unpacked(folder: string, work: (to: string) => Promise<unknown>): Promise<number> {
  const to = join(folder, 'unpacked')
  await mkdir(to)
  const took = await seconds(() => work(to))
  await rm(to, { recursive: true })
  return took
}

async function archiveOfGit(source: string, to: string): Promise<void> {
  const archive = execa('git', ['--git-dir', source, 'archive', 'refs/heads/main'], { buffer: false })
  await archive.pipe('tar', ['-x', '-C', to])
}

async function archiveOfOurs(folder: string, source: string, commit: string, to: string): Promise<void> {
  const dir = join(folder, 'repo.git')
  const repository = await openBareRepository({ dir, source })
  const request = { root: source, commit, includeUncommitted: false, keepSecretFiles: false }
  const { entries } = await packageRepository(request, { repository, emit: () => {} })
  const tar = execa('tar', ['-x', '--no-same-owner', '-C', to], { stdin: 'pipe' })
  await pipeline(repository.archive(entries), tar.stdin)
  await tar
  await rm(dir, { recursive: true })
}
