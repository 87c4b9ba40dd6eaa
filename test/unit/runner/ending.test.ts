import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DrydockError } from '../../../src/contract/failure.ts'
import { failures } from '../../../src/contract/failures.ts'
import { endingOf } from '../../../src/runner/ending.ts'
import { plainGit, userGit } from '../../../src/runner/git/program.ts'
import { withReport } from '../../../src/runner/internalReport.ts'
import { createSession } from '../../../src/store/session.ts'
import { git, makeRepository, temporaryFolder, writeFiles } from '../../support/madeRepository.ts'
import { sessionTask } from '../../support/sessionTask.ts'

const id = '20260102-030405-abc123'
const control = { cancel: () => {}, isCancelling: () => false }
const env = { PATH: process.env.PATH }
const never = new AbortController().signal

/** The real error of what is tried. */
async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => assert.fail('it went well'),
    (error: unknown) => error,
  )
}

function failureOf(error: unknown) {
  const { failure } = endingOf(error, never, '/home')
  return [failure.code, failure.message] as const
}

describe('the end of a session whose work threw', () => {
  it('is of the repair that is needed where the model gave no answer, and never of the set-up', () => {
    const away = failures.modelUnavailable('the connection failed').failure
    const refused = failures.modelRefused('401 authentication_error').failure
    const outcomeOf = (error: unknown) => endingOf(error, never, '/home').outcome
    for (const why of [away, refused]) {
      const needs = failures.repairNeedsModel('2 tests broken.', why)
      assert.equal(outcomeOf(needs), 'verification-failed')
      assert.match(needs.failure.message, /^2 tests broken\. Nothing was repaired: the model/)
      assert.match(
        needs.failure.next,
        /`drydock retry ID` then goes on from here, without a second install\.$/,
      )
      assert.equal(outcomeOf(new DrydockError(why)), 'interrupted')
    }
    assert.match(failures.repairNeedsModel('It broke.', refused).failure.next, /^Check the key/)
    assert.equal(outcomeOf(failures.modelDeclined()), 'verification-failed')
  })

  it('is `cancelled` once it was cancelled, whatever breaks in consequence', () => {
    const consequences = [
      failures.unreadableSession('/x', 'no package-lock.json was written'),
      failures.engineLost('gone'),
      new Error('socket hang up'),
    ]
    for (const error of consequences) {
      for (const reason of [failures.cancelled(), undefined]) {
        assert.equal(endingOf(error, AbortSignal.abort(reason), '/home').outcome, 'cancelled', String(error))
      }
    }
    const full = AbortSignal.abort(failures.logDiskFull('/home'))
    assert.equal(endingOf(new Error('x'), full, '/home').failure.code, 'disk-full')
  })

  it('names an engine that is gone, by the real error of a socket where nobody listens', async () => {
    await using folder = await temporaryFolder()
    const error = await errorOf(() => once(connect(join(folder.path, 'docker.sock')), 'connect'))
    assert.equal(failureOf(error)[0], 'engine-lost')
    // One that never answered was not lost in mid-run.
    assert.equal(failureOf(failures.engineNotFound('unix:///nowhere'))[0], 'engine-not-found')
  })

  it('names a full disk, by the real error of a device that is full', async () => {
    const { writeFile } = await import('node:fs/promises')
    const error = await errorOf(() => writeFile('/dev/full', 'x'))
    assert.deepEqual(failureOf(error), ['disk-full', 'The disk with /home is full.'])
  })

  it('names the disk that is full, and no other', async () => {
    await using folder = await temporaryFolder()
    const of = (more: object) =>
      Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', ...more })
    const path = join(folder.path, 'status', 'index')
    assert.match(failureOf(of({ path })).join(), /^disk-full,The disk with .*status is full/)
    const program = '#!/bin/sh\necho "fatal: sha1 file write error. No space left on device" >&2\nexit 128\n'
    await writeFiles(folder.path, { 'bin/git': { executable: program } })
    const short =
      '#!/bin/sh\necho "fatal: sha1 file \'index.lock\' write error. Out of diskspace" >&2\nexit 128\n'
    await writeFiles(folder.path, { 'own/git': { executable: short } })
    const itsOwn = plainGit(folder.path, { PATH: `${join(folder.path, 'own')}:${process.env.PATH}` })
    assert.equal(failureOf(await errorOf(() => itsOwn.run(['read-tree'])))[0], 'disk-full')
    const full = plainGit(folder.path, { PATH: `${join(folder.path, 'bin')}:${process.env.PATH}` })
    assert.equal(failureOf(await errorOf(() => full.run(['add', '.'])))[0], 'disk-full')
  })

  it('names what the engine answers, and a disk of its own that is full', () => {
    const answer = (statusCode: number, text: string) =>
      failureOf(Object.assign(new Error(`(HTTP code ${statusCode}) ${text}`), { statusCode }))[0]
    assert.equal(answer(500, 'server error - mkdir /var/lib/x: no space left on device'), 'disk-full')
    assert.equal(answer(404, 'no such container'), 'engine-lost')
    const full = 'write /var/lib/x: no space left on device'
    assert.equal(failureOf(failures.engineRefused('create a container', full))[0], 'disk-full')
    assert.equal(failureOf(failures.imageBuildFailed('drydock/x', full))[0], 'disk-full')
    assert.equal(
      failureOf(failures.imageBuildFailed('drydock/x', 'E: no such package'))[0],
      'image-build-failed',
    )
  })

  it('names a home that cannot be written any more, and leaves other places alone', () => {
    const denied = (path: string) =>
      failureOf(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', path }))[0]
    assert.equal(denied('/home/cache/slots/slot-0'), 'bad-config')
    assert.equal(denied('/home2/x'), 'internal')
  })

  it('tells a repository that was removed from a git that is missing', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'r')
    await makeRepository(root, { 'a.js': '1\n' })
    const gone = userGit(root, env)
    await rm(root, { recursive: true })
    assert.match(failureOf(await errorOf(() => gone.run(['status']))).join(), /^not-a-repository,.* is gone/)
    const none = plainGit(folder.path, { PATH: folder.path })
    assert.equal(failureOf(await errorOf(() => none.run(['--version'])))[0], 'git-not-found')
  })

  it('names objects of the repository that are gone', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'r')
    await makeRepository(root, { 'a.js': '1\n' })
    const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
    await rm(join(root, '.git/objects', tree.slice(0, 2), tree.slice(2)), { force: true })
    const error = await errorOf(() => userGit(root, env).run(['ls-tree', 'HEAD']))
    assert.equal(failureOf(error)[0], 'unsupported-repository')
  })

  it('names a home where no folder can be, at once', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'home'))
    for (const home of ['/proc/nothing/sessions', '/dev/null/sessions']) {
      const error = await errorOf(() => createSession(home, sessionTask(id), 'drydock/test', { control }))
      assert.ok(error instanceof DrydockError)
      assert.equal(error.failure.code, 'bad-config')
      assert.match(error.failure.next, /DRYDOCK_HOME/)
    }
  })

  it('that is a fault of ours leaves a file to attach, without the secrets of the session', async () => {
    await using folder = await temporaryFolder()
    const held = await createSession(join(folder.path, 's'), sessionTask(id), 'drydock/test', {
      control,
      secrets: ['key-of-a-test'],
    })
    const { failure } = endingOf(new Error('it broke with key-of-a-test'), never, folder.path)
    const told = await withReport(held, '1.2.3', failure)
    await held.release()
    const file = join(held.folder, 'report.txt')
    assert.ok(told.next.includes(file))
    const text = await readFile(file, 'utf8')
    assert.match(text, /drydock 1\.2\.3, Node v.*\nit broke with \[redacted\]\n/)
    assert.match(text, /1 \S+ session\.created/)
    assert.doesNotMatch(text, /key-of-a-test/)
  })
})
