import assert from 'node:assert/strict'
import { createRepository } from '../../../../../src/runner/ecosystems/maven/repository.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'
import { testMavenRepository } from '../../../../support/mavenRepository.ts'

describe('a Maven repository that is asked for versions', () => {
  it('says when it got a version, as far as it says so', async () => {
    await using folder = await temporaryFolder()
    await using served = await testMavenRepository({ 'org.lib:core': ['1.0', '1.1', '1.2'] })
    served.intercept = (request, response) => {
      if (request.url?.includes('/1.0/')) response.setHeader('last-modified', 'Tue, 03 Feb 2026 08:00:00 GMT')
      if (request.url?.includes('/1.1/')) response.setHeader('last-modified', 'yesterday')
      return false
    }
    const repository = createRepository(served.host, folder.path)
    const found = await repository.published('org.lib:core', ['1.0', '1.1', '1.2', '9'])
    assert.deepEqual([...found], [['1.0', '2026-02-03T08:00:00.000Z']])
    assert.ok(
      served.requests.every((one) => one.startsWith('HEAD ')),
      served.requests.join(),
    )
  })

  it('tells what is no repository from one that has no such artifact', async () => {
    await using folder = await temporaryFolder()
    await using served = await testMavenRepository({ 'org.lib:core': ['1.0', '1.1'] })
    const repository = createRepository(served.host, folder.path)
    assert.deepEqual(await repository.versions('org.lib', 'core'), ['1.0', '1.1'])
    await assert.rejects(repository.versions('org.lib', 'none'), /no package org\.lib:none/)
    for (const page of ['<html>Sign in</html>', '{"error":"no"}', '\0']) {
      served.intercept = (_, response) => {
        response.end(page)
        return true
      }
      await assert.rejects(
        repository.versions('org.lib', 'core'),
        /127\.0\.0\.1:\d+ for org\.lib:core is not a registry/,
      )
    }
  })
})
