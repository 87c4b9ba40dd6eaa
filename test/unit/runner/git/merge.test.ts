import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openBareRepository } from '../../../../src/runner/git/bareRepository.ts'
import { git, makeRepository, temporaryFolder, writeFiles } from '../../../support/madeRepository.ts'

describe('two commits brought together without a checkout', () => {
  it('are one tree, or the paths that both changed; a merge program of the repository is never run', async () => {
    await using folder = await temporaryFolder()
    const [root, canary] = [join(folder.path, 'work'), join(folder.path, 'CANARY')]
    const base = await makeRepository(root, {
      'a.js': 'one\n',
      'b.js': 'one\n',
      '.gitattributes': '* merge=evil\n',
    })
    await git(root, 'config', 'merge.evil.driver', `touch ${canary}`)
    const commit = async (name: string, files: Record<string, string>) => {
      await git(root, 'checkout', '-q', '-B', name, base)
      await writeFiles(root, files)
      await git(root, 'add', '-A')
      await git(root, 'commit', '-q', '-m', name)
      return git(root, 'rev-parse', 'HEAD')
    }
    const ours = await commit('ours', { 'a.js': 'two\n' })
    const theirs = await commit('theirs', { 'b.js': 'two\n' })
    const against = await commit('against', { 'a.js': 'three\n', 'b.js': 'three\n' })
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const merged = await bare.merge(ours, theirs)
    assert.ok('tree' in merged)
    assert.equal(String(await bare.read(merged.tree, 'a.js')), 'two\n')
    assert.equal(String(await bare.read(merged.tree, 'b.js')), 'two\n')
    const apart = await bare.merge(ours, against)
    assert.ok('conflicts' in apart)
    assert.deepEqual(apart.conflicts, ['a.js'])
    assert.match(String(await bare.read(apart.marked, 'a.js')), /^<<<<<<< /)
    assert.equal(String(await bare.read(apart.marked, 'b.js')), 'three\n')
    const both = await bare.commit(merged.tree, [ours, theirs], 'both')
    assert.deepEqual(
      [await bare.isAncestor(theirs, both), await bare.isAncestor(against, both)],
      [true, false],
    )
    await assert.rejects(stat(canary))
  })

  it('need a git that can: an older one is named', async () => {
    await using folder = await temporaryFolder()
    const [root, bin] = [join(folder.path, 'work'), join(folder.path, 'bin')]
    const base = await makeRepository(root, { 'a.js': 'one\n' })
    const answer = 'case " $* " in *" merge-tree "*) exit 129 ;; esac'
    const old = `#!/bin/sh\n${answer}\nPATH=\${PATH#*:} exec git "$@"\n`
    await writeFiles(bin, { git: { executable: old } })
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` }
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root, env })
    await assert.rejects(bare.merge(base, base), /This needs git 2\.38 or later/)
  })
})
