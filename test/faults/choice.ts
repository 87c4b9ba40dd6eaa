import { z } from 'zod'

/** What is disturbed: an update that needs no agent, one that an agent repairs, one that it does not, or a decision on a waiting session. */
export const Story = z.enum(['clean', 'repair', 'wrong', 'decide'])
export type Story = z.infer<typeof Story>

/** Who installs the project that is updated; yarn from its second version on is another program than its first. */
export const Manager = z.enum(['npm', 'pnpm', 'yarn', 'berry', 'maven'])
export type Manager = z.infer<typeof Manager>

export const Peer = z.enum(['model', 'registry', 'remote', 'github'])
export type Peer = z.infer<typeof Peer>

export const Trouble = z.enum(['silent', 'slow', 'cut', '4xx', '5xx', 'garbage', 'endless'])
export type Trouble = z.infer<typeof Trouble>

export const ContainerKind = z.enum(['project', 'install', 'agent', 'keeper'])
export type ContainerKind = z.infer<typeof ContainerKind>

/** Where sessions live, where temporary files go, and the engine's two: its volumes, and everything else of it. */
export const Disk = z.enum(['home', 'tmp', 'volumes', 'images'])
export type Disk = z.infer<typeof Disk>

/** How far the clock of everything in containers jumps, s. */
export const jumps = {
  'an hour ahead': 3600,
  'an hour back': -3600,
  'years ahead': 3 * 365 * 86_400,
  'years back': -3 * 365 * 86_400,
} as const
export const Jump = z.enum(Object.keys(jumps) as (keyof typeof jumps)[])

export const Decision = z.enum(['publish', 'reject', 'drop', 'restore', 'cancel', 'prune', 'retry'])
export type Decision = z.infer<typeof Decision>

export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('runner'), act: z.enum(['kill', 'terminate', 'stop', 'cancel']) }),
  z.strictObject({
    kind: z.literal('container'),
    act: z.enum(['kill', 'remove', 'pause']),
    of: ContainerKind,
  }),
  z.strictObject({ kind: z.literal('engine'), act: z.enum(['kill', 'stop', 'restart']) }),
  z.strictObject({ kind: z.literal('disk'), of: Disk }),
  z.strictObject({ kind: z.literal('clock'), by: Jump, lasts: z.boolean() }),
  z.strictObject({ kind: z.literal('peer'), of: Peer, trouble: Trouble, lasts: z.boolean() }),
  z.strictObject({ kind: z.literal('together'), second: Decision }),
])
export type Fault = z.infer<typeof Fault>

export const Choice = z.strictObject({
  story: Story,
  manager: Manager,
  /** Nothing of this repository was prepared before. */
  cold: z.boolean(),
  /** Attempts of the agent. */
  attempts: z.int().positive(),
  fault: Fault,
  /** A stage's start, with its role where that tells two of a name apart, and how long after it, ms. */
  at: z.strictObject({ stage: z.string(), delayMs: z.int().nonnegative() }),
  /** How long what passes lasts, ms. */
  lastsMs: z.int().positive(),
  /** What is asked first in the story `decide`. */
  decision: Decision.optional(),
})
export type Choice = z.infer<typeof Choice>

export const faultKinds = Fault.options.map(({ shape }) => shape.kind.value)

/** Mulberry32: the same numbers for the same seed, on every machine. */
export function numbers(seed: number): () => number {
  let state = (seed * 0x9e3779b9) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const stagesOf: Readonly<Record<Story, readonly string[]>> = {
  clean: [
    'queue',
    'preflight',
    'package',
    'update',
    'prepare base',
    'prepare update',
    'verify base',
    'verify update',
    'judge',
  ],
  repair: [
    ...['preflight', 'package', 'update', 'prepare base', 'prepare update', 'verify base', 'verify update'],
    ...['repair', 'repair', 'verify advisory', 'verify repair', 'judge'],
  ],
  wrong: ['update', 'prepare update', 'verify base', 'verify update', 'repair', 'repair', 'verify repair'],
  decide: ['publish'],
}

/** Stages in which a container of a kind, or a peer, is at work. */
const stagesWith: Readonly<Record<ContainerKind | Peer, readonly string[]>> = {
  project: [
    'verify base',
    'verify update',
    'verify advisory',
    'verify repair',
    'prepare base',
    'prepare update',
  ],
  install: ['update', 'prepare base', 'prepare update'],
  agent: ['repair'],
  keeper: ['verify base', 'verify update', 'repair', 'verify advisory', 'verify repair'],
  model: ['verify update', 'repair', 'judge', 'queue'],
  registry: ['queue', 'package', 'update'],
  remote: ['publish', 'queue'],
  github: ['publish', 'queue'],
}

type Pick_ = <T>(list: readonly T[]) => T

/** The session and the fault of a seed; kinds of fault take turns, the rest is drawn. */
export function choose(seed: number): Choice {
  const next = numbers(seed)
  const pick: Pick_ = (list) => list[Math.floor(next() * list.length)] as never
  const kind = pick(weighted)
  const { fault, story, decision } = drawn(kind, pick)
  const wanted =
    'of' in fault && fault.of in stagesWith ? stagesWith[fault.of as ContainerKind | Peer] : undefined
  const stages = stagesOf[story].filter((stage) => wanted?.includes(stage) !== false)
  const installs = 'of' in fault && (fault.of === 'install' || fault.of === 'registry')
  return {
    story,
    cold: installs || next() < 0.25,
    attempts: pick([1, 2]),
    fault,
    at: {
      stage: pick(stages.length === 0 ? stagesOf[story] : stages),
      delayMs: Math.floor(next() ** 2 * longestDelay(story, fault)),
    },
    lastsMs: 300 + Math.floor(next() * 3500),
    manager: pick(['npm', 'npm', 'npm', 'pnpm', 'yarn', 'berry', 'maven'] as const),
    ...(decision === undefined ? {} : { decision }),
  }
}

/** Decisions are over in a moment, and a registry is asked at the start alone. */
function longestDelay(story: Story, fault: Fault): number {
  if (story === 'decide') return 400
  return fault.kind === 'peer' && fault.of === 'registry' ? 600 : 2500
}

const weighted = [
  ...['runner', 'runner', 'runner', 'container', 'container', 'container', 'engine', 'engine'],
  ...['disk', 'disk', 'disk', 'peer', 'peer', 'peer', 'peer', 'together', 'together', 'clock', 'clock'],
] as const

function drawn(kind: (typeof weighted)[number], pick: Pick_): Pick<Choice, 'fault' | 'story' | 'decision'> {
  const update = (): Story => pick(['clean', 'clean', 'repair', 'repair', 'repair', 'wrong'] as const)
  switch (kind) {
    case 'runner': {
      const story = pick([update(), update(), update(), 'decide'] as const)
      const act = pick(['kill', 'kill', 'terminate', 'stop', 'cancel'] as const)
      return {
        fault: { kind, act },
        story,
        ...(story === 'decide' ? { decision: pick(['publish', 'publish', 'drop'] as const) } : {}),
      }
    }
    case 'container': {
      const of = pick(['project', 'project', 'install', 'agent', 'keeper'] as const)
      const story = of === 'agent' ? pick(['repair', 'repair', 'wrong'] as const) : update()
      return { fault: { kind, act: pick(['kill', 'remove', 'pause'] as const), of }, story }
    }
    case 'engine':
      return { fault: { kind, act: pick(['kill', 'kill', 'stop', 'restart'] as const) }, story: update() }
    case 'disk':
      return { fault: { kind, of: pick(Disk.options) }, story: update() }
    case 'clock':
      return { fault: { kind, by: pick(Jump.options), lasts: pick([true, false]) }, story: update() }
    case 'peer': {
      const of = pick(Peer.options)
      const trouble = pick(Trouble.options)
      const lasts = pick([true, false])
      if (of === 'remote' || of === 'github')
        return { fault: { kind, of, trouble, lasts }, story: 'decide', decision: 'publish' }
      return { fault: { kind, of, trouble, lasts }, story: update() }
    }
    case 'together': {
      const decision = pick(['publish', 'publish', 'reject', 'drop', 'restore'] as const)
      return { fault: { kind, second: pick(Decision.options) }, story: 'decide', decision }
    }
  }
}

export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'runner':
    case 'engine':
      return `${fault.kind} ${fault.act}`
    case 'container':
      return `${fault.of} container ${fault.act}`
    case 'disk':
      return `disk full: ${fault.of}`
    case 'clock':
      return `clock ${fault.by}${fault.lasts ? ', lasting' : ''}`
    case 'peer':
      return `${fault.of} ${fault.trouble}${fault.lasts ? ', lasting' : ''}`
    case 'together':
      return `at once: ${fault.second}`
  }
}

export function describeChoice({ story, manager, cold, attempts, fault, at, decision }: Choice): string {
  const what = story === 'decide' ? `${decision}` : `${story}${cold ? ', cold' : ''}, ${attempts} attempts`
  return `${describeFault(fault)} · ${manager}, ${what} · ${at.delayMs} ms after ${at.stage}`
}
