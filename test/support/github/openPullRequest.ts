import { join } from 'node:path'
import { plainWish } from '../../../src/contract/pullRequest.ts'
import { githubHost } from '../../../src/runner/hosts/github/index.ts'
import { git, makeRepository } from '../madeRepository.ts'
import { playGithub } from './start.ts'

const token = 'github-token-of-a-test'

/** A repository at the stand-in, with pull request 1 open from `drydock/x`, one commit above `main`. */
export async function openPullRequest(folder: string) {
  const work = join(folder, 'work')
  const base = await makeRepository(work, { 'a.js': 'one\n' })
  await git(work, 'checkout', '-q', '-b', 'drydock/x')
  await git(work, 'commit', '-q', '--allow-empty', '-m', 'x')
  const head = await git(work, 'rev-parse', 'HEAD')
  const remote = join(folder, 'remotes/o/r.git')
  await git(folder, 'clone', '-q', '--bare', work, remote)
  await git(remote, 'branch', 'main', base).catch(() => undefined)
  const github = await playGithub({ root: join(folder, 'remotes'), token })
  const host = githubHost({ owner: 'o', repo: 'r', apiUrl: github.url }, { token })
  await host.open(plainWish({ title: 'Update', body: 'text', head: 'drydock/x', base: 'main' }))
  return {
    ...{ github, host, head },
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  }
}
