import { deepEqual, equal, match } from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CampaignState } from '../../../src/contract/fleet/state.ts'
import { openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { canaryKeys } from '../../support/keys.ts'
import { temporaryFolder, writeFiles } from '../../support/madeRepository.ts'
import { Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository, git } from '../../support/repository.ts'

const token = canaryKeys.github

describe('changes of a campaign whose base has moved', function () {
  this.timeout(600_000)

  it('are made again on what it is by now, and pushed where nothing needs a further word', async () => {
    await using folder = await temporaryFolder()
    await using repository = await fixtureRepository('clean-update')
    const remotes = join(folder.path, 'remotes')
    const remote = join(remotes, 'acme/shop.git')
    await mkdir(join(remotes, 'acme'), { recursive: true })
    await git(remotes, 'clone', '--quiet', '--bare', repository.root, 'acme/shop.git')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    await git(repository.root, 'remote', 'add', 'origin', `${server.url}/acme/shop.git`)
    const { judge } = Script.parse(JSON.parse(await readFile(scriptOf('clean-update'), 'utf8')))
    const [verdict] = judge
    if (verdict === undefined) throw new Error('the script has no verdict')
    const model = await startModel({ judge: () => verdict })
    await using drydock = await openDrydock()
    const env = { DRYDOCK_GITHUB_TOKEN: token, ...playedBy(model) }
    const file = join(folder.path, 'campaign.yaml')
    await writeFile(
      file,
      `name: ms\nupdate: ms\nrepositories: [${repository.root}]\nsettings: { githubApiUrl: '${github.url}' }\npublish: { perHour: 400 }\n`,
    )
    const run = (...args: readonly string[]) => drydock.run(['fleet', ...args], env)
    const state = async () => {
      const { standing: _, ...rest } = JSON.parse((await run('status', 'ms', '--json')).stdout)
      return CampaignState.parse(rest)
    }
    try {
      const begun = await run('submit', file)
      equal(begun.code, 0, begun.stdout + begun.stderr)
      equal((await run('publish', 'ms', '--per-hour', '1000000')).code, 0)
      const [first] = (await state()).jobs
      equal(first?.outcome, 'published')
      const still = await run('rebase', 'ms')
      deepEqual([still.code, /its base has not moved\n/.test(still.stdout)], [0, true], still.stdout)

      const work = join(folder.path, 'work')
      await git(folder.path, 'clone', '--quiet', '--branch', 'main', remote, work)
      await writeFiles(work, { 'OTHER.md': 'other\n' })
      await git(work, 'add', '--all')
      await git(work, 'commit', '--quiet', '--message', 'By another person')
      await git(work, 'push', '--quiet', 'origin', 'main')

      const rebased = await run('rebase', 'ms', '--per-hour', '1000000')
      equal(rebased.code, 0, rebased.stdout + rebased.stderr)
      match(rebased.stdout, /rebased and pushed\n$/)
      const [second] = (await state()).jobs
      equal(second?.outcome, 'published')
      equal(second?.sessions.length, 2)
      deepEqual(second?.pullRequest, first?.pullRequest)
      equal(github.world.repositories[0]?.pulls.length, 1)
      // The stand-in names it with its owner.
      const branch = github.world.repositories[0]?.pulls[0]?.head.split(':').at(-1) ?? ''
      equal(await git(remote, 'show', `${branch}:OTHER.md`), 'other')
    } finally {
      await model.close()
    }
  })
})
