import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { CampaignName } from '../contract/fleet/campaign.ts'
import { type CampaignEvent, CampaignEventBody, readCampaignEvent } from '../contract/fleet/events.ts'
import { type CampaignState, campaignAfter } from '../contract/fleet/state.ts'
import { tryJson } from '../contract/json.ts'
import { hasCode, isDiskFull, sessionFiles } from './files.ts'
import { makeFolder } from './folder.ts'

/**
 * A campaign's log. Several processes append to it, one line in one write each; a line that a killed process tore is
 * left out, and what was appended after it counts.
 */
export interface CampaignLog {
  append(...events: readonly CampaignEventBody[]): Promise<void>
  /** What came after a position that it gave before, or everything; empty where there is no such campaign. */
  readSince(position: string | undefined): Promise<Appended>
}

export interface Appended {
  readonly events: readonly CampaignEvent[]
  readonly position: string | undefined
}

/** A campaign as it is now; each event is read and folded once. */
export interface CampaignNow {
  /** Undefined where there is no such campaign. */
  find(): Promise<CampaignState | undefined>
  /** Throws `no-such-campaign`. */
  state(): Promise<CampaignState>
}

export function campaignNow(log: CampaignLog, name: string): CampaignNow {
  let state: CampaignState | undefined
  let position: string | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const read = async () => {
    const found = await log.readSince(position)
    for (const event of found.events) state = campaignAfter(state, event)
    position = found.position
    return state
  }
  const find = (): Promise<CampaignState | undefined> => {
    // One after another: two at once would fold the same events twice.
    const next = turn.then(read)
    turn = next.catch(() => undefined)
    return next
  }
  return {
    find,
    async state() {
      const found = await find()
      if (found === undefined) throw failures.noSuchCampaign(name)
      return found
    },
  }
}

/** The folder of all campaigns, beside that of the sessions. */
export function campaignsHome(sessions: string): string {
  return join(sessions, '..', 'campaigns')
}

/** Throws `no-such-campaign` where the name is none, so that no name leaves the home. */
export function campaignFolder(home: string, name: string): string {
  if (!CampaignName.safeParse(name).success) throw failures.noSuchCampaign(name)
  return join(home, name)
}

/** Names of the campaigns there are. */
export async function listCampaigns(home: string): Promise<readonly string[]> {
  const names = await readdir(home).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw failures.homeUnusable(home, toFailure(error).message)
  })
  return names.filter((name) => CampaignName.safeParse(name).success).sort()
}

export function openCampaignLog(home: string, name: string, now: () => Date): CampaignLog {
  const folder = campaignFolder(home, name)
  const file = sessionFiles.events(folder)
  return {
    async append(...events) {
      await makeFolder(home)
      await makeFolder(folder)
      const lines = events.map((event) => lineOf(event, now()))
      try {
        await appendLines(file, lines.join(''))
      } catch (error) {
        throw isDiskFull(error) ? failures.logDiskFull(folder) : error
      }
    },
    async readSince(position) {
      const from = Number(position ?? 0)
      const bytes = await bytesFrom(file, from)
      // What stands behind the last line end is not there yet.
      const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1)
      const events = whole
        .toString('utf8')
        .split('\n')
        .flatMap((line) => readCampaignEvent(tryJson(line)) ?? [])
      return { events, position: String(from + whole.length) }
    },
  }
}

async function bytesFrom(file: string, from: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw failures.unreadableSession(file, toFailure(error).message)
  })
  if (handle === undefined) return Buffer.alloc(0)
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(Math.max(0, size - from))
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from)
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** An event as it stands in a log. */
export function lineOf(body: CampaignEventBody, now: Date): string {
  return `${JSON.stringify({ v: 1, time: now.toISOString(), ...CampaignEventBody.parse(body) })}\n`
}

async function appendLines(file: string, lines: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size } = await handle.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    // Whoever was killed in the middle of a line left it without its end.
    await handle.write(`${size > 0 && last[0] !== 10 ? '\n' : ''}${lines}`)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
