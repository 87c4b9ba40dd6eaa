import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { extract, type Header, pack } from 'tar-stream'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { readArchive } from '../../../../src/runner/archive/read.ts'
import { writeArchive } from '../../../../src/runner/archive/write.ts'
import { retryOf } from '../../../../src/runner/commands/again.ts'
import { importSession } from '../../../../src/runner/commands/archive.ts'
import type { CommandContext } from '../../../../src/runner/commands/context.ts'
import { followUpOf } from '../../../../src/runner/commands/followUp.ts'
import { plainHeader } from '../../../../src/runner/git/tar.ts'
import { approve } from '../../../../src/runner/publish/approve.ts'
import { readArtifact } from '../../../../src/store/artifacts.ts'
import { readSession, readTask } from '../../../../src/store/session.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { canaryKeys } from '../../../support/keys.ts'
import { makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'
import { waitingId, waitingSession } from '../../../support/waitingSession.ts'

const now = new Date('2026-02-03T04:05:06Z')
type Entry = readonly [header: Partial<Header> & { readonly name: string }, content?: Buffer | undefined]

async function exported(folder: string, secrets: readonly string[] = []) {
  const { held, sessions, root } = await waitingSession(folder)
  const { task, log } = held
  log.emit({ type: 'model.retried', purpose: 'agent', reason: `with ${canaryKeys.github}`, delayMs: 1 })
  log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: `In ${join(root, 'a.js')}.` })
  await log.artifacts.put(`a log with ${canaryKeys.github} in it`)
  await held.release()
  const file = join(folder, 'session.tar.gz')
  const written = await writeArchive({ sessions, id: task.id, file, secrets, userHome: folder })
  return { file, written, root, sessions }
}

async function entriesOf(file: string): Promise<ReadonlyMap<string, Buffer>> {
  const tar = extract()
  tar.end(gunzipSync(await readFile(file)))
  const found = new Map<string, Buffer>()
  for await (const entry of tar) {
    const pieces: Buffer[] = []
    for await (const piece of entry) pieces.push(piece as Buffer)
    found.set(entry.header.name, Buffer.concat(pieces))
  }
  return found
}

async function archiveOf(path: string, entries: readonly Entry[]): Promise<string> {
  const tar = pack()
  for (const [header, content = Buffer.alloc(0)] of entries) tar.entry(header, content)
  tar.finalize()
  const pieces: Buffer[] = []
  for await (const piece of tar) pieces.push(piece as Buffer)
  await writeFile(path, gzipSync(Buffer.concat(pieces)))
  return path
}

const refused = (why: RegExp) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === 'bad-archive' && why.test(error.failure.message)

describe('a session as one file', () => {
  it('opens elsewhere as what it was, and is not published from there', async () => {
    await using here = await temporaryFolder()
    await using there = await temporaryFolder()
    const { file, sessions } = await exported(here.path)
    const id = await readArchive({ sessions: there.path, file, now })
    assert.equal(id, waitingId)
    const [was, is] = [await readSession(sessions, id), await readSession(there.path, id)]
    assert.deepEqual(
      [is.matrix, is.verdict, is.patch, is.outcome, is.imported?.at],
      [was.matrix, was.verdict, was.patch, 'awaiting-review', now.toISOString()],
    )
    assert.ok(is.patch !== null)
    assert.match(String(await readArtifact(join(there.path, id), is.patch.digest)), /\+two/)
    const say = { acknowledged: ['api-removed'], withoutJudge: false, unverified: false }
    assert.throws(() => approve(is, say), /was imported/)
    assert.equal(approve(was, say).type, 'review.approved')
    await assert.rejects(readArchive({ sessions: there.path, file, now }), refused(/on this machine already/))
    assert.deepEqual(await readdir(there.path), [id])
  })

  it('opens in a repository that has its base commit, and in no other', async () => {
    await using here = await temporaryFolder()
    await using there = await temporaryFolder()
    const { file, root } = await exported(here.path)
    const { context } = commandContext(there.path)
    const other = join(there.path, 'other')
    await makeRepository(other, { 'b.js': 'another one\n' })
    await assert.rejects(importSession(context, file, { repo: other }), refused(/does not have [0-9a-f]{12}/))
    assert.deepEqual(await readdir(context.sessions), [])
    assert.equal(await importSession(context, file, { repo: root }), 0)
    assert.equal((await readSession(context.sessions, waitingId)).task.repository.root, root)
  })

  it('takes neither paths nor hosts of the other machine over', async () => {
    await using here = await temporaryFolder()
    await using there = await temporaryFolder()
    const { file, root } = await exported(here.path)
    const id = await readArchive({ sessions: there.path, file, now })
    const { repository, settings } = await readTask(there.path, id)
    assert.ok(repository.root.startsWith(join(there.path, id)), repository.root)
    assert.equal(settings.gitHosts, undefined)
    assert.equal(repository.remote, undefined)
    for (const [name, bytes] of await entriesOf(file))
      assert.ok(!bytes.includes(root) && !bytes.includes(here.path), name)
    await using third = await temporaryFolder()
    await readArchive({ sessions: third.path, file, now, repository: { root: '/mine' } })
    assert.equal((await readTask(third.path, id)).repository.root, '/mine')
  })

  it('is not tried again before it has a repository here, which the same file may be given later', async () => {
    await using here = await temporaryFolder()
    await using there = await temporaryFolder()
    const { file, root } = await exported(here.path)
    const id = await readArchive({ sessions: there.path, file, now })
    const context = {
      sessions: there.path,
      env: { PATH: process.env.PATH },
      version: 'test',
    } as Partial<CommandContext> as CommandContext
    const refusals = [retryOf(context, id, undefined), followUpOf(context, id, {})]
    for (const refusal of refusals)
      await assert.rejects(refusal, /session-state: .*was imported, and nobody said/)
    assert.deepEqual(await readdir(there.path), [id])
    await readArchive({ sessions: there.path, file, now, repository: { root } })
    assert.equal((await readTask(there.path, id)).repository.root, root)
    // With a repository it is asked for the key next.
    await assert.rejects(retryOf(context, id, undefined), /no-key/)
    await rm(root, { recursive: true })
    await assert.rejects(retryOf(context, id, undefined), /not-a-repository: .* is gone/)
  })

  it('holds no secret in any form', async () => {
    await using here = await temporaryFolder()
    const secret = canaryKeys.github
    const { file, written } = await exported(here.path, [secret])
    assert.equal(written.left.length, 1)
    const forms = [
      secret,
      Buffer.from(secret).toString('base64').slice(0, 40),
      Buffer.from(secret).toString('hex'),
    ]
    for (const [name, bytes] of await entriesOf(file))
      for (const form of forms) assert.ok(!bytes.includes(form), name)
  })

  it('is refused where it is hostile, and nothing is left behind', async () => {
    await using here = await temporaryFolder()
    await using there = await temporaryFolder()
    const { file } = await exported(here.path)
    const good = [...(await entriesOf(file))].map(([name, bytes]): Entry => [{ name }, bytes])
    const zeros = Buffer.alloc(4)
    const digest = createHash('sha256').update(zeros).digest('hex')
    const log = (change: (text: string) => string): readonly Entry[] =>
      good.map(
        ([header, bytes]): Entry =>
          header.name === 'events.jsonl' ? [header, Buffer.from(change(String(bytes)))] : [header, bytes],
      )
    const cases: Readonly<Record<string, readonly [readonly Entry[], RegExp]>> = {
      above: [[...good, [{ name: '../evil' }, zeros]], /"\.\.\/evil" does not belong/],
      absolute: [[...good, [{ name: '/etc/evil' }, zeros]], /does not belong/],
      inside: [[...good, [{ name: 'artifacts/../task.json' }, zeros]], /does not belong/],
      link: [
        [...good, [{ name: `artifacts/${digest}`, type: 'symlink', linkname: '/etc/passwd' }]],
        /is a symlink/,
      ],
      'hard link': [
        [...good, [{ name: `artifacts/${digest}`, type: 'link', linkname: 'task.json' }]],
        /is a link/,
      ],
      device: [
        [...good, [{ name: `artifacts/${digest}`, type: 'character-device' }]],
        /is a character-device/,
      ],
      folder: [[[{ name: 'artifacts', type: 'directory' }], ...good], /is a directory/],
      twice: [[...good, ...good.slice(0, 1)], /is there twice/],
      'another artifact': [
        [...good, [{ name: `artifacts/${digest}` }, randomBytes(4)]],
        /not what its name says/,
      ],
      'another task': [
        log((text) => text.replaceAll('left-pad', 'right-pad')),
        /log is not that of its task/,
      ],
      'broken log': [log((text) => text.slice(0, -10)), /log breaks off/],
      'a gap': [log((text) => text.split('\n').toSpliced(3, 1).join('\n')), /damaged at line 4/],
      'at work': [log((text) => text.split('\n').slice(0, 3).join('\n').concat('\n')), /was at work/],
      'no task': [good.slice(1), /has no task\.json/],
    }
    for (const [name, [entries, why]] of Object.entries(cases)) {
      const path = await archiveOf(join(here.path, 'hostile.tar.gz'), entries)
      await assert.rejects(readArchive({ sessions: there.path, file: path, now }), refused(why), name)
      assert.deepEqual(await readdir(there.path), [], name)
    }
    const junk = join(here.path, 'junk')
    for (const bytes of [
      randomBytes(2000),
      gzipSync(randomBytes(2000)),
      (await readFile(file)).subarray(0, 300),
    ]) {
      await writeFile(junk, bytes)
      await assert.rejects(readArchive({ sessions: there.path, file: junk, now }), refused(/./))
    }
    assert.deepEqual(await readdir(there.path), [])
  })

  it('is refused where it would fill the disk', async () => {
    await using here = await temporaryFolder()
    await using there = await temporaryFolder()
    // Its header alone says how large it is.
    const size = 300 * 1024 * 1024
    const head = plainHeader({ name: 'events.jsonl', type: 'file', mode: 0o600, size })
    assert.ok(head !== undefined)
    const path = join(here.path, 'large.tar.gz')
    await writeFile(path, gzipSync(head))
    await assert.rejects(readArchive({ sessions: there.path, file: path, now }), refused(/is too large/))
  })
})
