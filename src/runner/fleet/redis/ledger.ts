import type { Redis } from 'ioredis'
import { prefix } from './connection.ts'

/** One job's claim on money, on its repository and on a place among those that run. */
export interface Claim {
  /** Campaign and key of the job. */
  readonly id: string
  readonly campaign: string
  readonly turn: number
  /** Who has it: of two that had one turn after each other the first one finds it lost. */
  readonly holder?: string
  readonly organisation: string
  /** The same for whatever names the same repository. */
  readonly repository: string
  readonly usd: number
}

/** Undefined: no cap. */
export interface Caps {
  readonly campaignUsd: number | undefined
  readonly dayUsd: number | undefined
  readonly organisationUsd: number | undefined
  readonly concurrency: number
  readonly perOrganisation: number | undefined
}

/** `taken`: another worker has this turn. `wait`: what runs may leave enough. */
export type Admission =
  | { readonly answer: 'ok' | 'wait' | 'taken' }
  | { readonly answer: 'never'; readonly of: 'campaign' | 'day' | 'organisation'; readonly spentUsd: number }

export interface Ledger {
  /** Takes the job's turn and sets a session's whole budget aside, all or nothing. */
  admit(claim: Claim, caps: Caps, leaseMs: number): Promise<Admission>
  /** Keeps claims alive; gives those that are another's by now. */
  renew(claims: readonly Claim[], leaseMs: number): Promise<readonly string[]>
  /** Whether somebody who is alive holds the job. */
  isHeld(id: string): Promise<boolean>
  /** Gives the rest of what was set aside back. A second time does nothing. */
  settle(claim: Pick<Claim, 'id' | 'turn' | 'holder'>, costUsd: number): Promise<void>
  /** What is spent and set aside, US dollars. */
  standing(campaign: string): Promise<{ readonly spentUsd: number; readonly heldUsd: number }>
  /** Ms until it may go on: at most one in `intervalMs`, over all workers. 0 takes the turn. */
  turn(name: string, intervalMs: number): Promise<number>
}

// Money is counted in millionths of a dollar: whole numbers only, so that nothing is rounded away.
const million = 1_000_000
const held = `${prefix}:held`
const until = `${prefix}:until`
const spent = `${prefix}:spent`

const common = `
local now = redis.call('TIME'); local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local day = math.floor(now[1] / 86400)
local function alive(id) local u = redis.call('ZSCORE', KEYS[2], id); return u and tonumber(u) > ms end
local function pay(claim, cost)
  redis.call('HINCRBY', KEYS[3], 'campaign:' .. claim.campaign, cost)
  redis.call('HINCRBY', KEYS[3], 'day:' .. day, cost)
  redis.call('HINCRBY', KEYS[3], 'organisation:' .. claim.campaign .. ':' .. claim.organisation, cost)
end
local function drop(id) redis.call('HDEL', KEYS[1], id); redis.call('ZREM', KEYS[2], id) end
`

const scripts = {
  admit: `${common}
local claim = cjson.decode(ARGV[1]); local caps = cjson.decode(ARGV[2])
local before = redis.call('HGET', KEYS[1], claim.id)
local again = false
if before then
  local other = cjson.decode(before)
  if other.turn > claim.turn then return {'taken'} end
  if alive(claim.id) then return {other.turn == claim.turn and 'taken' or 'wait'} end
  -- Whoever died over it may have spent all of it; who died before it began leaves its turn.
  pay(other, other.usd); drop(claim.id)
  again = other.turn == claim.turn
end
if not again and redis.call('SISMEMBER', KEYS[4], claim.id .. ':' .. claim.turn) == 1 then return {'taken'} end
local money = {campaign = 0, day = 0, organisation = 0}; local running = 0; local here = 0
for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
  local one = cjson.decode(text)
  money.day = money.day + one.usd
  if one.repository == claim.repository and alive(one.id) then return {'wait'} end
  if one.campaign == claim.campaign then
    money.campaign = money.campaign + one.usd
    if alive(one.id) then running = running + 1 end
    if one.organisation == claim.organisation then
      money.organisation = money.organisation + one.usd
      if alive(one.id) then here = here + 1 end
    end
  end
end
if running >= caps.concurrency then return {'wait'} end
if caps.perOrganisation and claim.organisation ~= '' and here >= caps.perOrganisation then return {'wait'} end
local names = {campaign = 'campaign:' .. claim.campaign, day = 'day:' .. day,
  organisation = 'organisation:' .. claim.campaign .. ':' .. claim.organisation}
local wait = false
for _, of in ipairs({'campaign', 'day', 'organisation'}) do
  local cap = caps[of .. 'Usd']
  if cap and not (of == 'organisation' and claim.organisation == '') then
    local gone = tonumber(redis.call('HGET', KEYS[3], names[of]) or '0')
    if gone + claim.usd > cap then return {'never', of, gone} end
    if gone + money[of] + claim.usd > cap then wait = true end
  end
end
if wait then return {'wait'} end
redis.call('HSET', KEYS[1], claim.id, ARGV[1])
redis.call('SADD', KEYS[4], claim.id .. ':' .. claim.turn)
redis.call('ZADD', KEYS[2], ms + tonumber(ARGV[3]), claim.id)
return {'ok'}`,
  renew: `${common}
local lost = {}
for at = 2, #ARGV, 3 do
  local text = redis.call('HGET', KEYS[1], ARGV[at])
  local claim = text and cjson.decode(text)
  if claim and claim.turn == tonumber(ARGV[at + 1]) and (claim.holder or '') == ARGV[at + 2]
  then redis.call('ZADD', KEYS[2], ms + tonumber(ARGV[1]), ARGV[at])
  else table.insert(lost, ARGV[at]) end
end
return lost`,
  isHeld: `${common}
return alive(ARGV[1]) and 1 or 0`,
  settle: `${common}
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 0 end
local claim = cjson.decode(text)
if claim.turn ~= tonumber(ARGV[2]) then return 0 end
if ARGV[4] ~= '' and (claim.holder or '') ~= ARGV[4] then return 0 end
pay(claim, math.min(tonumber(ARGV[3]), claim.usd)); drop(ARGV[1])
return 1`,
  turn: `
local now = redis.call('TIME'); local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local next = tonumber(redis.call('GET', KEYS[1]) or '0')
if next > ms then return next - ms end
redis.call('SET', KEYS[1], ms + tonumber(ARGV[1]), 'PX', math.max(1, tonumber(ARGV[1])))
return 0`,
}

const micros = (usd: number): number => Math.round(usd * million)

/** Claims over all workers, decided inside Redis, so that none of them can overtake another. */
export function openLedger(redis: Redis): Ledger {
  const run = (script: string, keys: readonly string[], args: readonly (string | number)[]) =>
    redis.eval(script, keys.length, ...keys, ...args)
  return {
    async admit(claim, caps, leaseMs) {
      const keys = [held, until, spent, turnsOf(claim.campaign)]
      const asked = JSON.stringify({ ...claim, usd: micros(claim.usd) })
      const limits = {
        ...{ concurrency: caps.concurrency, perOrganisation: caps.perOrganisation },
        campaignUsd: caps.campaignUsd && micros(caps.campaignUsd),
        dayUsd: caps.dayUsd && micros(caps.dayUsd),
        organisationUsd: caps.organisationUsd && micros(caps.organisationUsd),
      }
      const said = (await run(scripts.admit, keys, [asked, JSON.stringify(limits), leaseMs])) as readonly [
        Admission['answer'],
        ('campaign' | 'day' | 'organisation')?,
        number?,
      ]
      const [answer, of = 'campaign', gone = 0] = said
      return answer === 'never' ? { answer, of, spentUsd: Number(gone) / million } : { answer }
    },
    async renew(claims, leaseMs) {
      if (claims.length === 0) return []
      const all = claims.flatMap(({ id, turn, holder = '' }) => [id, turn, holder])
      return (await run(scripts.renew, [held, until], [leaseMs, ...all])) as string[]
    },
    isHeld: async (id) => (await run(scripts.isHeld, [held, until], [id])) === 1,
    async settle({ id, turn, holder = '' }, costUsd) {
      await run(scripts.settle, [held, until, spent], [id, turn, micros(costUsd), holder])
    },
    async standing(campaign) {
      const claims = (await redis.hvals(held)).map((text) => JSON.parse(text) as Claim)
      const own = claims.filter((one) => one.campaign === campaign)
      return {
        spentUsd: Number((await redis.hget(spent, `campaign:${campaign}`)) ?? 0) / million,
        heldUsd: own.reduce((sum, { usd }) => sum + usd, 0) / million,
      }
    },
    turn: async (name, intervalMs) =>
      Number(await run(scripts.turn, [`${prefix}:turn:${name}`], [Math.round(intervalMs)])),
  }
}

/** Turns of a campaign's jobs that somebody had: none is given twice. */
function turnsOf(campaign: string): string {
  return `${prefix}:campaign:${campaign}:turns`
}
