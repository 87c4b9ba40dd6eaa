import { deepEqual, rejects } from 'node:assert/strict'
import { repositoriesOf } from '../../../../../src/runner/hosts/github/organisation.ts'
import { playGithub } from '../../../../support/github/start.ts'
import { addRepository } from '../../../../support/github/world.ts'

const token = 'github-token-of-a-test'

describe('repositories of an organisation at GitHub', () => {
  it('are all of its pages, without archived ones; an account is asked for in its place', async () => {
    await using github = await playGithub({ root: '/nowhere', token, login: 'ada' })
    for (let at = 0; at < 101; at += 1)
      addRepository(github.world, 'acme', `app-${String(at).padStart(3, '0')}`)
    const [first] = github.world.repositories
    if (first !== undefined) first.archived = true
    const found = await repositoriesOf('acme', github.url, { token })
    deepEqual(
      [found.length, found[0]],
      [100, { name: 'app-001', url: 'https://github.example.com/acme/app-001.git' }],
    )
    addRepository(github.world, 'ada', 'own')
    deepEqual(
      (await repositoriesOf('ada', github.url, { token })).map(({ name }) => name),
      ['own'],
    )
    deepEqual(github.refused, [])
  })

  it('are refused in words where nobody has that name, or the token is none', async () => {
    await using github = await playGithub({ root: '/nowhere', token })
    await rejects(repositoriesOf('nobody', github.url, { token }), {
      trouble: { kind: 'missing', host: '127.0.0.1', status: 404, said: 'Not Found' },
    })
    await rejects(
      repositoriesOf('acme', github.url, { token: 'other' }),
      ({ trouble }) => trouble.kind === 'token',
    )
  })
})
