import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startGitHttp } from '../test/support/git-http/start.ts'
import { startModel } from '../test/support/model/start.ts'
import { fixtureRepository, git } from '../test/support/repository.ts'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { live: { type: 'boolean', default: false } } })
const heading = (text: string): void => void process.stdout.write(`\n\u001b[1m━━ ${text}\u001b[0m\n\n`)

/** Runs the command line as a user would, on this terminal. */
async function drydock(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  process.stdout.write(`$ drydock ${args.join(' ')}\n`)
  const child = spawn(process.execPath, [join(root, 'dist/drydock.mjs'), ...args], { stdio: 'inherit', env })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`drydock ended with ${code}`)
}

/** One update of a fixture project, from a repository with a remote over HTTP to the pushed branch. */
async function demonstrate(fixture: string, spec: string, home: string): Promise<void> {
  const started = performance.now()
  await using repository = await fixtureRepository(fixture)
  const remotes = await mkdtemp(join(tmpdir(), 'drydock-remote-'))
  try {
    await git(remotes, 'init', '--quiet', '--bare', '--initial-branch=main', `${fixture}.git`)
    await using server = await startGitHttp(remotes)
    await git(repository.root, 'remote', 'add', 'origin', `${server.url}/${fixture}.git`)
    await git(repository.root, 'push', '--quiet', '--set-upstream', 'origin', 'main')
    await using model = values.live
      ? undefined
      : await startModel(join(root, 'test/fixtures/projects', fixture, 'model.json'))
    const played =
      model === undefined ? {} : { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'sk-ant-played' }
    const env = { ...process.env, DRYDOCK_HOME: home, FORCE_COLOR: '1', ...played }
    await drydock(['update', spec, '--repo', repository.root, '--yes'], env)
    process.stdout.write(
      `\nBranches at the remote:\n${await git(join(remotes, `${fixture}.git`), 'branch', '--list', '--verbose')}\n`,
    )
  } finally {
    await rm(remotes, { recursive: true, force: true })
  }
  process.stdout.write(`\n${fixture}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
}

if (values.live && !process.env.ANTHROPIC_API_KEY && !process.env.ANTHROPIC_AUTH_TOKEN) {
  process.stderr.write('demo: --live needs ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN.\n')
  process.exit(2)
}
const home = join(root, '.demo')
await mkdir(home, { recursive: true })
heading('A clean update: ms 2.0.0 to 2.1.3. Nothing breaks, so no agent turn is spent.')
await demonstrate('clean-update', 'ms@2.1.3', home)
heading('A breaking update: uuid 3 to 9. The tests no longer load; an agent repairs the code.')
await demonstrate('breaking-update', 'uuid@9', home)
heading('What was real')
process.stdout.write(
  `Real: the Docker engine and every container, the package registry, the git remote over HTTP, builds, tests, patches and branches. ${
    values.live
      ? 'The model was real, too.'
      : 'Played: the model (agent and judge), by a server that speaks the Messages API from a recorded script; --live asks a real one.'
  }\n`,
)
