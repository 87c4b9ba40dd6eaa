import assert from 'node:assert/strict'
import { readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvidenceStatement } from '../../../../src/contract/evidence.ts'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { filesOf } from '../../../../src/runner/evidence/bundle.ts'
import { compare } from '../../../../src/runner/evidence/compare.ts'
import { readBundle, writeBundle } from '../../../../src/runner/evidence/folder.ts'
import { gather } from '../../../../src/runner/evidence/gather.ts'
import type { Bundle } from '../../../../src/runner/evidence/value.ts'
import { matrix } from '../../../../src/runner/verify/matrix.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { report } from '../../../support/reports.ts'
import { waitingSession } from '../../../support/waitingSession.ts'

async function bundleIn(folder: string): Promise<Bundle> {
  const { held, repository } = await waitingSession(folder)
  try {
    return await gather({ events: held.log.events, artifact: held.log.artifacts.get, repository })
  } finally {
    await held.release()
  }
}

const refused = (why: RegExp) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === 'bad-evidence' && why.test(error.failure.message)

describe('evidence', () => {
  it('comes back from its files as it was, and says what in-toto asks', async () => {
    await using folder = await temporaryFolder()
    const bundle = await bundleIn(folder.path)
    const files = filesOf(bundle)
    const out = join(folder.path, 'out')
    await writeBundle(out, files)
    const read = await readBundle(out)
    assert.deepEqual([...read.files.keys()].sort(), [...files.keys()].sort())
    const { record } = read.bundle
    assert.deepEqual(
      [record.locks.map(({ path }) => path), record.images, record.attempts[0]?.promptHash],
      [['package-lock.json'], [{ role: 'base', digest: 'sha256:1' }], 'b'.repeat(64)],
    )
    assert.ok(record.locks[0]?.before !== record.locks[0]?.after)
    assert.equal(record.repository.url, 'https://forge.example.com/o/r.git')
    assert.doesNotMatch([...files.values()].join('\n'), new RegExp(folder.path))
    const statement = EvidenceStatement.parse(JSON.parse(String(files.get('statement.json'))))
    assert.equal(statement.predicate.result, 'PASSED')
    assert.deepEqual(statement.predicate.passedTests, ['a.test.js › adds', 'a.test.js › takes'])
    assert.deepEqual(
      statement.subject.map(({ name }) => name).sort(),
      [...files.keys()].filter((name) => name !== 'statement.json').sort(),
    )
    await assert.rejects(writeBundle(out, files), /is there already/)
  })

  it('names what lies in it alone, and one that named more is whole all the same', async () => {
    await using folder = await temporaryFolder()
    const { update: _, ...rest } = await bundleIn(folder.path)
    const { update: _named, ...record } = rest.record
    const bundle = { ...rest, record }
    assert.doesNotMatch(String(filesOf(bundle).get('README.md')), /update\.diff/)
    const older = join(folder.path, 'older')
    await writeBundle(older, filesOf(bundle, true))
    await readBundle(older)
  })

  it('is not what any folder holds', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, '.editorconfig'), '')
    await assert.rejects(readBundle(folder.path), refused(/there is no statement\.json in it/))
  })

  it('is refused where any one byte of any file is another', async () => {
    await using folder = await temporaryFolder()
    const files = filesOf(await bundleIn(folder.path))
    const out = join(folder.path, 'out')
    await writeBundle(out, files)
    for (const [name, bytes] of files) {
      const path = join(out, name)
      for (const at of [0, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2), bytes.length - 1]) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ 1
        await writeFile(path, changed)
        await assert.rejects(readBundle(out), refused(/./), `${name} at ${at}`)
      }
      await writeFile(path, Buffer.concat([bytes, Buffer.from(' ')]))
      await assert.rejects(readBundle(out), refused(/./), `${name}, longer`)
      await writeFile(path, bytes)
    }
    await readBundle(out)
  })

  it('is refused where something is added, or lies elsewhere', async () => {
    await using folder = await temporaryFolder()
    const out = join(folder.path, 'out')
    await writeBundle(out, filesOf(await bundleIn(folder.path)))
    await writeFile(join(out, 'more.txt'), 'x')
    await assert.rejects(readBundle(out), refused(/more\.txt does not belong to it/))
    const other = join(folder.path, 'other')
    await writeBundle(other, filesOf(await bundleIn(join(folder.path, 'second'))))
    await rm(join(other, 'patch.diff'))
    await symlink(join(out, 'patch.diff'), join(other, 'patch.diff'))
    await assert.rejects(readBundle(other), refused(/patch\.diff does not belong to it/))
  })

  it('is refused where its own parts disagree, whatever its digests say', async () => {
    await using folder = await temporaryFolder()
    const bundle = await bundleIn(folder.path)
    const { record, reports } = bundle
    const { base, repair, update } = reports
    assert.ok(base !== undefined && repair !== undefined && update !== undefined)
    const other = { ...record, patch: { ...record.patch, digest: 'd'.repeat(64) } }
    const cases: readonly (readonly [string, Bundle, RegExp])[] = [
      ['patch', { ...bundle, record: other }, /patch\.diff is not the one/],
      ['role', { ...bundle, reports: { base: update, repair } }, /report of another run/],
      ['base', { ...bundle, reports: { repair } }, /base has no report/],
      ['change', { ...bundle, reports: { base } }, /change has no report/],
    ]
    for (const [name, wrong, why] of cases) {
      const out = join(folder.path, name)
      await writeBundle(out, filesOf(wrong))
      await assert.rejects(readBundle(out), refused(why), name)
    }
  })

  it('holds no secret of its session', async () => {
    await using folder = await temporaryFolder()
    const { held, repository } = await waitingSession(folder.path, { secrets: ['a.test.js › adds'] })
    const bundle = await gather({ events: held.log.events, artifact: held.log.artifacts.get, repository })
    await held.release()
    const out = join(folder.path, 'out')
    await writeBundle(out, filesOf(bundle))
    const texts = await Promise.all(
      [...filesOf(bundle).keys()].map((name) => readFile(join(out, name), 'utf8')),
    )
    assert.doesNotMatch(texts.join('\n'), /a\.test\.js › adds/)
  })
})

describe('runs made again', () => {
  it('are the same test by test, or are told apart; what comes and goes does not count', async () => {
    await using folder = await temporaryFolder()
    const bundle = await bundleIn(folder.path)
    const { base, update, repair } = bundle.reports
    assert.ok(base !== undefined && update !== undefined && repair !== undefined)
    assert.equal(compare(bundle, { reports: { base, update, repair }, matrix: bundle.matrix }).same, true)
    const worse = report({ 'a.test.js › adds': 'failed' }, { role: 'repair' })
    const found = compare(bundle, {
      reports: { base, update, repair: worse },
      matrix: matrix({ base, update, repair: worse }),
    })
    assert.equal(found.same, false)
    assert.deepEqual(
      found.runs.find(({ role }) => role === 'repair')?.differing.map(({ id, was, is }) => [id, was, is]),
      [
        ['$ npm run test', 'passed', 'failed'],
        ['a.test.js › adds', 'passed', 'failed'],
        ['a.test.js › takes', 'passed', 'not there'],
      ],
    )
    const flaky = { ...base, flaky: ['a.test.js › takes'], tests: base.tests.slice(0, 1) }
    const steady = compare(bundle, { reports: { base: flaky, update, repair }, matrix: bundle.matrix })
    assert.equal(steady.same, true)
    assert.equal(steady.runs[0]?.differing[0]?.unsteady, true)
  })
})
