import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startGitHttp } from './git-http/start.ts'
import { type FileContent, git, makeRepository, temporaryFolder, writeFiles } from './madeRepository.ts'

/** A git server on loopback that plays github.com, for whoever has its `env`. */
export interface Forge extends AsyncDisposable {
  readonly url: string
  /** `host:port` of it. */
  readonly host: string
  /** A home whose git configuration leads github.com here. */
  readonly env: NodeJS.ProcessEnv
  readonly path: string
  /** Makes `owner/name` with one commit, tagged where a tag is given; its id. */
  add(
    name: string,
    files: Readonly<Record<string, FileContent>>,
    options?: { readonly tag?: string },
  ): Promise<string>
}

export async function startForge(): Promise<Forge> {
  const folder = await temporaryFolder()
  const served = join(folder.path, 'served')
  await mkdir(served)
  const server = await startGitHttp(served)
  const home = join(folder.path, 'home')
  const instead = ['https://github.com/', 'ssh://git@github.com/'].map((from) => `\tinsteadOf = ${from}\n`)
  await writeFiles(home, { '.gitconfig': `[url "${server.url}/"]\n${instead.join('')}` })
  return {
    url: server.url,
    host: new URL(server.url).host,
    env: { HOME: home },
    path: served,
    async add(name, files, { tag } = {}) {
      const work = join(folder.path, 'work', name)
      const commit = await makeRepository(work, files)
      if (tag !== undefined) await git(work, 'tag', tag)
      await git(folder.path, 'clone', '-q', '--bare', work, join(served, `${name}.git`))
      return commit
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}
