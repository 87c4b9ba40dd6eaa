import assert from 'node:assert/strict'
import { createRepository } from '../../../../../src/runner/ecosystems/maven/repository.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'
import { testMavenRepository } from '../../../../support/mavenRepository.ts'

describe('a Maven repository that is asked for versions', () => {
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
