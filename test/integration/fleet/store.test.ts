import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { CampaignEventBody } from '../../../src/contract/fleet/events.ts'
import { campaignState } from '../../../src/contract/fleet/state.ts'
import { rowWords } from '../../../src/contract/states/row.ts'
import { isSettled, situationOf } from '../../../src/contract/states/situation.ts'
import { retryOf } from '../../../src/runner/commands/again.ts'
import { approveCommand } from '../../../src/runner/commands/approve.ts'
import type { CommandContext } from '../../../src/runner/commands/context.ts'
import { takeDecisions } from '../../../src/runner/commands/fleet/decided.ts'
import { isReady } from '../../../src/runner/commands/fleet/drip.ts'
import { openFleet } from '../../../src/runner/commands/fleet/fleet.ts'
import type { runJob } from '../../../src/runner/commands/fleet/job.ts'
import { rejectMany } from '../../../src/runner/commands/fleet/many.ts'
import { pruneStore } from '../../../src/runner/commands/fleet/prune.ts'
import { fetchSessions, openShipping } from '../../../src/runner/commands/fleet/shared.ts'
import { worker } from '../../../src/runner/commands/fleet/worker.ts'
import { publishSession } from '../../../src/runner/commands/publish.ts'
import { rejectCommand } from '../../../src/runner/commands/reject.ts'
import { runRequested } from '../../../src/runner/commands/run.ts'
import { sessions as listed } from '../../../src/runner/commands/sessions.ts'
import { bringSession } from '../../../src/runner/fleet/store/bring.ts'
import { openStore } from '../../../src/runner/fleet/store/open.ts'
import type { SharedStore } from '../../../src/runner/fleet/store/store.ts'
import { readArtifact } from '../../../src/store/artifacts.ts'
import { campaignsHome, openCampaignLog } from '../../../src/store/campaign.ts'
import { readEvents } from '../../../src/store/read.ts'
import { createSession, type HeldSession, holdSession, readSession } from '../../../src/store/session.ts'
import { campaignFile, campaignJob } from '../../support/campaigns.ts'
import { commandContext } from '../../support/commandContext.ts'
import { canaryKeys } from '../../support/keys.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { linkTo, startRedis } from '../../support/redis.ts'
import { sessionTask } from '../../support/sessionTask.ts'
import { type Moto, startMoto } from '../../support/store/moto.ts'
import { waitingId, waitingSession } from '../../support/waitingSession.ts'

const growing = '20260102-030405-grow01'
const control = { cancel: () => {}, isCancelling: () => false }

/** A home of its own stands for a machine; what both have in common is the store and the campaign's log. */
interface Machine {
  readonly context: CommandContext
  readonly said: () => string
  tell(...events: readonly CampaignEventBody[]): Promise<void>
}

const kinds = ['folder', 'S3'] as const

for (const kind of kinds)
  describe(`sessions in a shared store: ${kind}`, () => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>
    let moto: Moto
    let env: NodeJS.ProcessEnv
    let at = 0
    before(async () => {
      if (kind === 'S3') moto = await startMoto()
    })
    after(async () => {
      if (kind === 'S3') await moto[Symbol.asyncDispose]()
    })
    beforeEach(async () => {
      folder = await temporaryFolder()
      at += 1
      env = kind === 'S3' ? moto.env(`team/${at}`) : { DRYDOCK_FLEET_STORE: join(folder.path, 'shared') }
    })
    afterEach(async () => folder[Symbol.asyncDispose]())

    async function machine(name: string, more: NodeJS.ProcessEnv = {}): Promise<Machine> {
      const home = join(folder.path, name)
      await mkdir(home)
      await writeFile(join(home, '.gitconfig'), `[user]\n\tname = ${name}\n\temail = ${name}@example.com\n`)
      const { context, said } = commandContext(home, { HOME: home, ...env, ...more })
      const log = openCampaignLog(campaignsHome(context.sessions), 'uuid', context.now)
      return { context, said, tell: (...events) => log.append(...events) }
    }

    const begun = (session: string, changes: object = {}): readonly CampaignEventBody[] => [
      { type: 'campaign.created', campaign: campaignFile(changes), runner: 'drydock/0.0.0' },
      { type: 'campaign.planned', jobs: [campaignJob(1)], unreachable: [] },
      { type: 'job.started', key: campaignJob(1).key, session, worker: 'far:1', turn: 1 },
    ]
    const ended = (session: string, outcome: 'awaiting-review' | 'cannot-repair'): CampaignEventBody => ({
      ...{ type: 'job.ended', key: campaignJob(1).key, session, turn: 1, outcome, reason: '', costUsd: 0 },
    })

    async function stateOf({ context }: Machine) {
      const log = openCampaignLog(campaignsHome(context.sessions), 'uuid', context.now)
      return campaignState((await log.readSince(undefined)).events)
    }

    async function shipAll(one: Machine, limitMs?: number): Promise<string> {
      let text = ''
      const shipping = await openShipping(one.context, (said) => (text += said), limitMs)
      await shipping?.ship([await stateOf(one)])
      return text
    }

    async function storeOf({ context }: Machine): Promise<SharedStore> {
      const store = await openStore(context)
      assert.ok(store !== undefined)
      return store
    }

    async function words({ context }: Machine, id: string): Promise<string> {
      const view = await readSession(context.sessions, id)
      return rowWords(situationOf(view, { settled: isSettled(view) })).join(', ')
    }

    function grown({ context }: Machine, secrets: readonly string[] = []): Promise<HeldSession> {
      return createSession(context.sessions, sessionTask(growing), 'drydock/test', { control, secrets })
    }

    /** How many segments there are, each of which goes on where the one before it ends. */
    async function inOneRow(one: Machine): Promise<number> {
      const names = (await (await storeOf(one)).list('sessions/')).map(({ name }) => name)
      const numbers = names.flatMap((name) => {
        const [, first, last] = /\/log\/(\d+)-(\d+)-/.exec(name) ?? []
        return first === undefined ? [] : [[Number(first), Number(last)] as const]
      })
      for (const [index, [first]] of numbers.entries())
        assert.equal(first, (numbers[index - 1]?.[1] ?? 0) + 1)
      return numbers.length
    }

    it('are followed while they grow, each event once, and are what they are', async () => {
      const [far, near] = [
        await machine('far', { ANTHROPIC_API_KEY: canaryKeys.model }),
        await machine('near'),
      ]
      for (const one of [far, near]) await one.tell(...begun(growing))
      const held = await grown(far)
      held.log.emit({ type: 'stage.started', stage: 'repair' })
      const log = await held.log.artifacts.put('a build log')
      const secret = await held.log.artifacts.put(`a log with ${canaryKeys.model}`)
      held.log.emit({ type: 'stage.progress', stage: 'repair', message: `key ${canaryKeys.model}` })
      assert.equal(await shipAll(far), '')
      assert.equal(await fetchSessions(near.context, 'uuid'), 0)
      assert.match(
        near.said(),
        /✔ acme\/app-1 {2}drydock show 20260102-030405-grow01, as far as it has come\n1 brought here\.\n$/,
      )
      assert.equal(await words(near, growing), 'at work, runs elsewhere')
      assert.equal(String(await readArtifact(join(near.context.sessions, growing), log)), 'a build log')
      await assert.rejects(readArtifact(join(near.context.sessions, growing), secret), /bad-log/)
      // A command that ends what dead runners left open leaves it alone.
      assert.equal(await listed(near.context, {}), 0)
      assert.equal((await readSession(near.context.sessions, growing)).outcome, null)

      held.log.emit({ type: 'stage.finished', stage: 'repair', status: 'failed', durationMs: 5 })
      held.log.emit({ type: 'session.finished', outcome: 'cannot-repair', reason: 'It gave up.' })
      await held.release()
      assert.equal(await shipAll(far), '')
      for (const one of [far, near]) await one.tell(ended(growing, 'cannot-repair'))
      assert.equal(await fetchSessions(near.context, 'uuid'), 0)
      assert.equal(await words(near, growing), 'the agent gave up, ended elsewhere')
      await assert.rejects(retryOf(near.context, growing, undefined), /session-state: .*another machine/)
      const [own, theirs] = await Promise.all(
        [far, near].map(({ context }) => readEvents(join(context.sessions, growing))),
      )
      assert.deepEqual(
        theirs?.map(({ type }) => type),
        [...(own ?? []).map(({ type }) => type), 'session.imported'],
      )
      await inOneRow(far)
      // Again, nothing changes, and nothing is shipped twice.
      const before = await readFile(join(near.context.sessions, growing, 'events.jsonl'), 'utf8')
      assert.ok(!before.includes(canaryKeys.model))
      const store = await storeOf(far)
      const names = (await store.list('')).map(({ name }) => name)
      await shipAll(far)
      assert.equal(await fetchSessions(near.context, 'uuid'), 0)
      assert.match(near.said(), /0 brought here\.\n$/)
      assert.deepEqual(
        (await store.list('')).map(({ name }) => name),
        names,
      )
      assert.equal(await readFile(join(near.context.sessions, growing, 'events.jsonl'), 'utf8'), before)
      for (const name of names)
        assert.ok(!String(await store.get(name, 1e7)).includes(canaryKeys.model), name)
    })

    it('are told to be over where their campaign has begun them again', async () => {
      const [far, near] = [await machine('far'), await machine('near')]
      for (const one of [far, near]) await one.tell(...begun(growing))
      await using _ = { [Symbol.asyncDispose]: (await grown(far)).release }
      await shipAll(far)
      await fetchSessions(near.context, 'uuid')
      await near.tell({
        ...{
          type: 'job.returned',
          key: campaignJob(1).key,
          session: growing,
          turn: 1,
          reason: '',
          costUsd: 0,
        },
      })
      await fetchSessions(near.context, 'uuid')
      assert.equal(await words(near, growing), 'interrupted, ended elsewhere')
    })

    it('are approved by a person elsewhere, under the rules of an approval at home, with their name', async () => {
      const [far, near] = [await machine('far'), await machine('Ann')]
      await using folderOfFar = await temporaryFolder()
      const { held } = await waitingSession(folderOfFar.path)
      await held.release()
      const home = { ...far, context: { ...far.context, sessions: join(folderOfFar.path, 'sessions') } }
      const log = openCampaignLog(campaignsHome(home.context.sessions), 'uuid', far.context.now)
      const events = [...begun(waitingId), ended(waitingId, 'awaiting-review')]
      await log.append(...events)
      await near.tell(...events)
      await shipAll(home)
      await fetchSessions(near.context, 'uuid')
      const { sessions } = near.context
      assert.equal(await words(near, waitingId), '1 warning, ended elsewhere')
      const acknowledge = ['api-removed']

      // It is published where it is, and the same is asked of a person as there.
      const nothing = { acknowledge: [], withoutJudge: false, unverified: false, quiet: true }
      await assert.rejects(
        publishSession(near.context, waitingId, nothing),
        /session-state: .*another machine/,
      )
      await assert.rejects(
        approveCommand(near.context, waitingId, { acknowledge: [] }),
        /warnings-not-acknowledged/,
      )
      await assert.rejects(
        approveCommand(near.context, waitingId, { acknowledge: ['other'] }),
        /no warning|has no such|other/,
      )
      assert.equal(await approveCommand(near.context, waitingId, { acknowledge }), 0)
      assert.match(near.said(), /Your word is on its way to far, which publishes\./)
      assert.equal(await words(near, waitingId), 'decision on its way, ended elsewhere')
      await assert.rejects(approveCommand(near.context, waitingId, { acknowledge }), /session-state/)
      await assert.rejects(rejectCommand(near.context, waitingId, {}), /session-state/)

      const store = await storeOf(home)
      const [sent] = await store.list('decisions/')
      const bytes = await store.get(sent?.name ?? '', 10_000)
      let told = ''
      assert.equal(await isReady(home.context, { session: waitingId } as never), false)
      assert.deepEqual(await takeDecisions(home.context, store, (text) => (told += text)), [waitingId])
      assert.equal(told, `${waitingId}  approved by Ann\n`)
      const { approval } = await readSession(home.context.sessions, waitingId)
      assert.deepEqual([approval?.by, approval?.acknowledged], ['Ann', acknowledge])
      assert.equal(await isReady(home.context, { session: waitingId } as never), true)
      assert.deepEqual(await store.list('decisions/'), [])
      // One that was written down by a process that was killed before it removed it.
      const known = (await readEvents(join(home.context.sessions, waitingId))).length
      await store.put(sent?.name ?? '', bytes ?? assert.fail())
      assert.deepEqual(await takeDecisions(home.context, store, () => {}), [waitingId])
      assert.equal((await readEvents(join(home.context.sessions, waitingId))).length, known)
      assert.deepEqual(await store.list('decisions/'), [])
      await shipAll(home)
      await fetchSessions(near.context, 'uuid')
      assert.equal(await words(near, waitingId), 'approved, not published yet, ended elsewhere')
      assert.equal((await readSession(sessions, waitingId)).approval?.by, 'Ann')
    })

    it('refuse a word about another patch, one too late and one that is none, and say so', async () => {
      const [far, near, third] = [await machine('far'), await machine('Ann'), await machine('Bob')]
      await using folderOfFar = await temporaryFolder()
      const { held } = await waitingSession(folderOfFar.path)
      const home = { ...far, context: { ...far.context, sessions: join(folderOfFar.path, 'sessions') } }
      const log = openCampaignLog(campaignsHome(home.context.sessions), 'uuid', far.context.now)
      const events = [...begun(waitingId), ended(waitingId, 'awaiting-review')]
      await log.append(...events)
      for (const one of [near, third]) await one.tell(...events)
      await shipAll(home)
      for (const one of [near, third]) await fetchSessions(one.context, 'uuid')
      const of = [campaignJob(1).repository]
      assert.equal(await rejectMany(near.context, 'uuid', of, { reason: 'Not\nlike this.' }), 0)
      assert.match(near.said(), /acme\/app-1 {2}your word is on its way to its machine\n$/)
      // As the panel asks for it, with what was on show.
      const { patch: shown } = await readSession(third.context.sessions, waitingId)
      const asked = (digest: string) => {
        const word = { acknowledged: ['api-removed'], withoutJudge: false, unverified: false }
        const request = { do: 'publish', session: waitingId, digest, baseCommit: shown?.baseCommit, ...word }
        const stdin = Readable.from([JSON.stringify({ v: 1, request, secrets: {} })])
        return runRequested({ ...third.context, stdin: stdin as unknown as NodeJS.ReadStream }, '-')
      }
      assert.equal(await asked('0'.repeat(64)), 2)
      assert.match(third.said(), /"code":"approval-void"/)
      assert.equal(await asked(shown?.digest ?? ''), 0)

      // The patch that Ann and Bob saw is another one by now; while somebody holds it, nothing is taken.
      const { source, ...patch } = held.view().patch ?? assert.fail()
      const store = await storeOf(home)
      let told = ''
      const take = () => takeDecisions(home.context, store, (text) => (told += text))
      assert.deepEqual(await take(), [])
      held.log.emit({ type: 'patch.made', source, patch: { ...patch, digest: 'd'.repeat(64) } })
      held.log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' })
      await held.release()
      assert.deepEqual(await take(), [waitingId, waitingId])
      assert.match(
        told,
        /the word of Ann \(reject\) is not taken: .*another patch[\s\S]*the word of Bob \(approve\)/,
      )
      const view = await readSession(home.context.sessions, waitingId)
      assert.deepEqual([view.outcome, view.approval, view.refused?.by], ['awaiting-review', null, 'Bob'])
      assert.deepEqual(await store.list('decisions/'), [])
      await shipAll(home)
      await fetchSessions(near.context, 'uuid')
      assert.match(near.said(), /! acme\/app-1 {2}the word of Bob \(approve\) was not taken: .*another patch/)

      // What is no decision is removed, and said; the next one, of what is there now, is taken.
      await store.put(`decisions/${waitingId}/20260101T000000000Z-0123456789ab.json`, Buffer.from('{"v":1}'))
      assert.equal(await rejectCommand(near.context, waitingId, { reason: '' }), 0)
      told = ''
      assert.deepEqual(await take(), [waitingId])
      assert.match(told, /a decision is refused: .*it is no decision[\s\S]*rejected by Ann/)
      assert.equal((await readSession(home.context.sessions, waitingId)).reason, 'Rejected by Ann.')
    })

    it('are in the store once and whole after the process that ships was killed in the middle', async () => {
      const [far, near] = [await machine('far'), await machine('near')]
      for (const one of [far, near]) await one.tell(...begun(growing))
      const held = await grown(far)
      for (let at = 0; at < 200; at += 1)
        held.log.emit({ type: 'stage.progress', stage: 'repair', message: `${at} ${'x'.repeat(10_000)}` })
      await held.log.artifacts.put('of the end')
      held.log.emit({ type: 'session.finished', outcome: 'cancelled', reason: 'No more.' })
      await held.release()
      for (const puts of [2, 3, 2]) {
        const child = spawn(
          process.execPath,
          [
            join(import.meta.dirname, '../../support/store/shipping.ts'),
            far.context.sessions,
            growing,
            String(puts),
          ],
          { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
        )
        let seen = 0
        for await (const _ of createInterface({ input: child.stdout })) {
          seen += 1
          if (seen < puts) continue
          child.kill('SIGKILL')
        }
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
        assert.equal(child.signalCode, 'SIGKILL')
        // What a killed process left half written in a folder is nobody's.
        if (kind === 'folder')
          await appendFile(join(folder.path, `shared/sessions/${growing}/log/.partial-1`), 'half a li')
        await fetchSessions(near.context, 'uuid')
        assert.equal(await words(near, growing), 'at work, runs elsewhere')
      }
      await shipAll(far)
      await fetchSessions(near.context, 'uuid')
      const [own = [], theirs = []] = await Promise.all(
        [far, near].map(({ context }) => readEvents(join(context.sessions, growing))),
      )
      assert.deepEqual(theirs.slice(1, -1), own.slice(1))
      assert.ok((await inOneRow(far)) > 6)
    })

    it('are brought piece by piece, and anew where a power cut took the end of what was shipped', async () => {
      const [far, near] = [await machine('far'), await machine('near')]
      for (const one of [far, near]) await one.tell(...begun(growing))
      const held = await grown(far)
      const file = join(far.context.sessions, growing, 'events.jsonl')
      const say = (message: string) => held.log.emit({ type: 'stage.progress', stage: 'repair', message })
      const store = await storeOf(near)
      const got: string[] = []
      const counted: SharedStore = {
        ...store,
        get: (name, most) => {
          got.push(name)
          return store.get(name, most)
        },
      }
      const bring = async (atWork: boolean) => {
        got.length = 0
        const elsewhere = { campaign: 'uuid', worker: 'far:1', atWork }
        const of = { sessions: near.context.sessions, store: counted, session: growing, elsewhere }
        return [(await bringSession({ ...of, now: new Date() })).what, got.length]
      }
      assert.deepEqual(await bring(true), ['none', 0])
      await shipAll(far)
      assert.deepEqual(await bring(true), ['new', 1])
      const before = await readFile(file)
      say('one')
      await shipAll(far)
      assert.deepEqual(await bring(true), ['more', 1])
      assert.deepEqual(await bring(true), ['same', 0])
      assert.deepEqual(await bring(false), ['same', 0])
      assert.equal(await words(near, growing), 'interrupted, ended elsewhere')
      await held.release()
      // The disk lost the last line, and another one took its number.
      await writeFile(file, before)
      const again = await holdSession(far.context.sessions, growing, { control })
      for (const message of ['other', 'than before']) {
        again.log.emit({ type: 'stage.progress', stage: 'repair', message })
        if (message === 'other') await shipAll(far)
      }
      await shipAll(far)
      await again.release()
      assert.deepEqual(await bring(true), ['more', 2])
      const there = await readEvents(join(near.context.sessions, growing))
      assert.deepEqual(
        there.flatMap((event) => (event.type === 'stage.progress' ? event.message : [])),
        ['other', 'than before'],
      )
      // What is gone there is still here.
      for (const { name } of await store.list('sessions/')) await store.delete(name)
      assert.equal(await words(near, growing), 'at work, runs elsewhere')
      assert.deepEqual(await bring(false), ['same', 0])
      assert.equal(await words(near, growing), 'interrupted, ended elsewhere')
      assert.equal((await readEvents(join(near.context.sessions, growing))).length, there.length)
    })

    it('are shipped by a worker until the last one has ended, although it was told to end before', async () => {
      await using redis = await startRedis()
      const far = await machine('far', { DRYDOCK_REDIS_URL: redis.url })
      const end = new AbortController()
      const context = { ...far.context, signal: end.signal }
      await using fleet = await openFleet(context)
      await fleet.log('uuid').append(...begun(growing).slice(0, 2))
      await fleet.wake('uuid')
      const store = await storeOf(far)
      const run: typeof runJob = async (_, { log, worker: by }, { job: { key } }) => {
        const held = await grown(far)
        await log.append({ type: 'job.started', key, session: growing, worker: by, turn: 1 })
        held.log.emit({ type: 'stage.started', stage: 'repair' })
        while ((await store.list('sessions/')).length === 0) await new Promise(setImmediate)
        end.abort()
        held.log.emit({ type: 'session.finished', outcome: 'cannot-repair', reason: '' })
        await held.release()
        await log.append(ended(growing, 'cannot-repair'))
      }
      assert.equal(await worker(context, { leaseSeconds: 8 }, run), 0)
      const logs = await store.list('sessions/')
      assert.equal(logs.length, 2, far.said())
      assert.match(String(await store.get(logs.at(-1)?.name ?? '', 10_000)), /session\.finished/)
    })

    it('whose segment is damaged or gone are read up to there, and mended by a worker that starts', async () => {
      const [far, near] = [await machine('far'), await machine('near')]
      for (const one of [far, near]) await one.tell(...begun(growing))
      const held = await grown(far)
      for (let step = 0; step < 3; step += 1) {
        held.log.emit({ type: 'stage.progress', stage: 'repair', message: `${step}` })
        if (step < 2) await shipAll(far)
      }
      await held.release()
      const store = await storeOf(far)
      await shipAll(far)
      const logs = (await store.list(`sessions/${growing}/log/`)).map(({ name }) => name)
      assert.equal(logs.length, 3)
      const [, second = ''] = logs
      const whole = await store.get(second, 1e6)
      assert.ok(whole !== undefined)
      await store.put(second, Buffer.from(String(whole).replace('"1"', '"2"')))
      assert.equal(await fetchSessions(near.context, 'uuid'), 4)
      assert.match(
        near.said(),
        /! acme\/app-1 {2}sessions\/.* is damaged: it is not what its name says\.\n1 brought here; 1 damaged\.\n$/,
      )
      assert.equal((await readEvents(join(near.context.sessions, growing))).length, 3)
      await store.delete(second)
      assert.equal(await fetchSessions(near.context, 'uuid'), 4)
      assert.match(near.said(), /is damaged: events 3 to 3 are not there/)
      // The mark says that it was shipped; a worker looks all the same.
      const shipping = await openShipping(far.context, assert.fail)
      await shipping?.ship([await stateOf(far)], true)
      assert.equal(await fetchSessions(near.context, 'uuid'), 0)
      assert.equal((await readEvents(join(near.context.sessions, growing))).length, 5)
      // One that cannot be read here keeps none of the others from coming.
      await appendFile(join(near.context.sessions, growing, 'events.jsonl'), 'no event\n')
      assert.equal(await fetchSessions(near.context, 'uuid'), 4)
      assert.match(near.said(), /events\.jsonl is damaged at line 6\.\n0 brought here; 1 damaged\.\n$/)
    })

    it('are removed when they are old, never where they run or wait for a person', async () => {
      const far = await machine('far')
      await far.tell(...begun(growing))
      const held = await grown(far)
      await shipAll(far)
      const later = { ...far.context, now: () => new Date(Date.now() + 40 * 86_400_000) }
      await assert.rejects(pruneStore(later, 'uuid', {}), /bad-usage: Nothing says how long/)
      const withDays = { ...later, env: { ...later.env, DRYDOCK_FLEET_KEEP_DAYS: '30' } }
      await assert.rejects(
        pruneStore({ ...later, env: { ...later.env, DRYDOCK_FLEET_KEEP_DAYS: 'x' } }, undefined, {}),
        /bad-usage/,
      )
      const pruned = async (context: CommandContext, flags: object = { yes: true }) => {
        const { length } = far.said()
        assert.equal(await pruneStore(context, 'uuid', flags), 0)
        return far.said().slice(length)
      }
      assert.match(await pruned(withDays), /^Nothing in the store is older/)
      // Nor where nobody here knows its campaign.
      const stranger = { ...(await machine('stranger')).context, now: later.now }
      const { length } = far.said()
      const its = { ...stranger, env: withDays.env, stdout: far.context.stdout }
      assert.equal(await pruneStore(its, undefined, { yes: true }), 0)
      assert.match(far.said().slice(length), /^Nothing in the store is older/)
      held.log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: '' })
      await far.tell(ended(growing, 'cannot-repair'))
      await shipAll(far)
      // Its own log says that it waits, whatever the campaign has heard.
      assert.match(await pruned(withDays), /^Nothing in the store is older/)
      held.log.emit({ type: 'session.finished', outcome: 'rejected', reason: '' })
      await held.release()
      await shipAll(far)
      assert.match(
        await pruned({ ...withDays, now: () => new Date(Date.now() + 20 * 86_400_000) }),
        /^Nothing/,
      )
      await far.tell({
        ...{ type: 'campaign.created', runner: 'drydock/0.0.0' },
        campaign: campaignFile({ store: { keepDays: 35 } }),
      })
      assert.match(
        await pruned(later, {}),
        /rejected, last changed .*\nRemove 1 session from .* with --yes\.\n$/,
      )
      const store = await storeOf(far)
      assert.ok((await store.list('')).length > 0)
      assert.match(await pruned(later), /1 session removed from /)
      assert.deepEqual(await store.list(''), [])
      // Nobody ships it again, though a worker starts here.
      const shipping = await openShipping(far.context, assert.fail)
      await shipping?.ship([await stateOf(far)], true)
      assert.deepEqual(await store.list(''), [])
    })
  })

describe('a store that is not what it should be', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
  })
  afterEach(async () => folder[Symbol.asyncDispose]())

  const opened = (env: NodeJS.ProcessEnv, limitMs = 5000) =>
    openStore({ env, cwd: folder.path, signal: new AbortController().signal, limitMs })

  async function coded(work: Promise<unknown> | undefined): Promise<string> {
    try {
      await work
      return 'no failure'
    } catch (error) {
      return String((error as Error).message)
    }
  }

  it('says what it refuses, and never with what it was sent', async () => {
    await using moto = await startMoto()
    const gone = await linkTo(moto.port)
    await gone[Symbol.asyncDispose]()
    const env = moto.env('a')
    const secret = 'CANARYwrongCANARYwrongCANARYwrong0123456'
    const said = [
      await coded((await opened({ ...env, AWS_SECRET_ACCESS_KEY: secret }))?.list('')),
      await coded((await opened({ ...env, AWS_ACCESS_KEY_ID: 'AKIANOBODY' }))?.put('a', Buffer.from('b'))),
      await coded((await opened({ ...env, DRYDOCK_FLEET_STORE: 's3://no-such-bucket/a' }))?.list('')),
      await coded(opened({ ...env, AWS_SECRET_ACCESS_KEY: '' })),
      await coded(opened({ ...env, DRYDOCK_FLEET_STORE: `s3://${secret}@bucket/a` })),
      await coded((await opened({ ...env, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${gone.port}` }))?.list('')),
    ]
    assert.deepEqual(
      said.map((text) => text.replace(/^([\w-]+): .*: (.*)$/, '$1 $2')),
      [
        'store-refused SignatureDoesNotMatch.',
        'store-refused InvalidAccessKeyId.',
        'store-refused NoSuchBucket.',
        'store-refused no credentials are set.',
        'bad-usage that is no bucket.',
        'store-unreachable ECONNREFUSED.',
      ],
    )
    for (const text of said) assert.ok(!text.includes('CANARY'), text)
  })

  it('that hangs costs no more than its time, is said once, and is caught up with', async () => {
    await using moto = await startMoto()
    await using link = await linkTo(moto.port)
    const { context } = commandContext(folder.path, {
      ...moto.env('hangs'),
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${link.port}`,
    })
    const log = openCampaignLog(campaignsHome(context.sessions), 'uuid', context.now)
    await log.append(
      { type: 'campaign.created', campaign: campaignFile(), runner: 'drydock/0.0.0' },
      { type: 'campaign.planned', jobs: [campaignJob(1)], unreachable: [] },
      { type: 'job.started', key: campaignJob(1).key, session: growing, worker: 'far:1', turn: 1 },
    )
    const state = campaignState((await log.readSince(undefined)).events)
    const held = await createSession(context.sessions, sessionTask(growing), 'drydock/test', { control })
    let said = ''
    const shipping = await openShipping(context, (text) => (said += text), 300)
    link.cut()
    await shipping?.ship([state])
    assert.match(said, /^Shipped later: The store at s3:\/\/drydock-test\/hangs does not answer: no answer/)
    const once = said
    // Long enough for a second try.
    for (const end = Date.now() + 6000; Date.now() < end; ) {
      await shipping?.ship([state])
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.equal(said, once)
    // The request itself is given up, so that the next one is begun.
    const through = await opened(
      { ...moto.env('hangs'), AWS_ENDPOINT_URL_S3: context.env.AWS_ENDPOINT_URL_S3 },
      300,
    )
    await coded(through?.list(''))
    let second = await coded(through?.list(''))
    while (/still hangs/.test(second)) {
      await new Promise(setImmediate)
      second = await coded(through?.list(''))
    }
    assert.match(second, /no answer/)
    held.log.emit({ type: 'session.finished', outcome: 'cancelled', reason: '' })
    await held.release()
    link.mend()
    while (said === once) {
      await shipping?.ship([state])
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.match(said.slice(once.length), /^The store at .* is back: what was missing is there\.\n$/)
    const store = await opened(moto.env('hangs'))
    assert.equal((await store?.list('sessions/'))?.length, 1)
  })

  it('on a file system that hangs is left alone until the call has ended', async () => {
    const shared = join(folder.path, 'shared')
    await mkdir(shared)
    await promisify(execFile)('mkfifo', [join(shared, 'hangs')])
    const store = await opened({ DRYDOCK_FLEET_STORE: shared }, 200)
    const get = () => coded(store?.get('hangs', 100))
    assert.match(await get(), /^store-unreachable: .* no answer within 1 s/)
    assert.match(await get(), /^store-unreachable: .* an earlier call still hangs/)
    const end = await open(join(shared, 'hangs'), 'w')
    await end.write('it')
    await end.close()
    while (/hangs/.test(await coded(store?.list('')))) await new Promise(setImmediate)
    assert.deepEqual(
      (await store?.list(''))?.map(({ name }) => name),
      [],
    )
  })

  it('lists more than a page, names with every sign, and gives nothing too large', async () => {
    await using moto = await startMoto()
    for (const env of [moto.env('pages'), { DRYDOCK_FLEET_STORE: join(folder.path, 'pages') }]) {
      const store = await opened(env, 30_000)
      assert.ok(store !== undefined)
      if (env.AWS_REGION !== undefined)
        for (let from = 0; from < 1010; from += 101)
          await Promise.all(
            Array.from({ length: 101 }, (_, index) => store.put(`many/${from + index}`, Buffer.from('x'))),
          )
      await store.put("a b/+&=é~'.json", Buffer.from('it'))
      await store.put("a b/+&=é~'.json", Buffer.from('that'))
      assert.deepEqual(
        (await store.list('a b/')).map(({ name, bytes }) => [name, bytes]),
        [["a b/+&=é~'.json", 4]],
      )
      assert.equal(String(await store.get("a b/+&=é~'.json", 10)), 'that')
      assert.match(await coded(store.get("a b/+&=é~'.json", 3)), /^store-damaged/)
      assert.equal(await store.get('a b/none', 3), undefined)
      await store.delete("a b/+&=é~'.json")
      await store.delete("a b/+&=é~'.json")
      assert.equal((await store.list('')).length, env.AWS_REGION === undefined ? 0 : 1010)
    }
  })
})
