import assert from 'node:assert/strict'
import { githubRepository } from '../../../../../src/runner/hosts/github/repository.ts'

describe('githubRepository', () => {
  it('knows GitHub by its host, and a configured one by its interface', () => {
    const found = (url: string, api?: string) => {
      const repository = githubRepository(url, api)
      return repository && `${repository.owner}/${repository.repo} ${repository.apiUrl}`
    }
    const publicOne = 'o/r https://api.github.com'
    assert.equal(found('https://github.com/o/r.git'), publicOne)
    assert.equal(found('git@github.com:o/r.git'), publicOne)
    assert.equal(found('ssh://git@ssh.github.com:443/o/r'), publicOne)
    assert.equal(found('https://git.example.com/o/r.git'), undefined)
    assert.equal(found('https://github.com.evil.example/o/r.git'), undefined)
    assert.equal(
      found('https://git.example.com/o/r.git', 'https://git.example.com/api/v3'),
      'o/r https://git.example.com/api/v3',
    )
    assert.equal(found('https://other.example.com/o/r.git', 'https://git.example.com/api/v3'), undefined)
    assert.equal(found('/srv/git/o/r.git'), undefined)
  })
})
