import { createHash } from 'node:crypto'
import { Event, type EventBody } from '../../../src/contract/events.ts'
import type { Patch } from '../../../src/contract/patch.ts'
import type { Step, StepName } from '../../../src/contract/report.ts'
import { Settings } from '../../../src/contract/settings.ts'
import type { DependencyUpdate } from '../../../src/contract/task.ts'
import { type Files, patchOf } from '../patches.ts'

const start = Date.parse('2026-03-04T09:00:00.000Z')

/** A session's log as a runner would write it, made by hand; times come from the events' own durations. */
export class SessionLog {
  readonly id: string
  readonly events: Event[] = []
  readonly artifacts = new Map<string, Buffer>()
  #now = start

  constructor(id: string, changes: Partial<DependencyUpdate> = {}) {
    this.id = id
    this.emit({ type: 'session.created', task: task(id, changes), runner: '0.1.0' })
  }

  emit(body: EventBody, after = 40): void {
    this.#now += after
    const stamp = { v: 1, seq: this.events.length + 1, time: new Date(this.#now).toISOString() }
    this.events.push(Event.parse({ ...stamp, ...body }))
  }

  /** A stage that ends; `within` is what happens in it. */
  stage(
    where: Pick<EventBody & { type: 'stage.started' }, 'stage' | 'role' | 'attempt'>,
    durationMs: number,
    more: {
      status?: 'ok' | 'failed' | 'cancelled'
      detail?: string
      cached?: boolean
      checks?: 'passed' | 'failed'
      within?: () => void
    } = {},
  ): void {
    const { status = 'ok', within, ...rest } = more
    this.emit({ type: 'stage.started', ...where })
    within?.()
    this.emit({ type: 'stage.finished', ...where, status, durationMs, ...rest }, durationMs)
  }

  artifact(text: string): string {
    const bytes = Buffer.from(text)
    const digest = createHash('sha256').update(bytes).digest('hex')
    this.artifacts.set(digest, bytes)
    return digest
  }

  patch(source: 'update' | 'repair' | 'reviewer', before: Files, after: Files): Patch {
    return this.patchText(source, patchOf(before, after))
  }

  patchText(source: 'update' | 'repair' | 'reviewer', patch: Patch): Patch {
    const { text, ...rest } = patch
    const reference = { ...rest, baseCommit }
    this.artifact(text)
    this.emit({ type: 'patch.made', source, patch: reference })
    return { ...reference, text }
  }

  step(name: StepName, command: string, log: string, more: Partial<Step> = {}): Step {
    return {
      ...{ name, command, exitCode: 0, timedOut: false, outOfMemory: false, durationMs: 4200 },
      ...{ log: this.artifact(log), truncated: false },
      ...more,
    }
  }

  /** As `events.jsonl` holds it. */
  get text(): string {
    return this.events.map((event) => `${JSON.stringify(event)}\n`).join('')
  }
}

export const baseCommit = '8f14e45fceea167a5a36dedd4bea2543a1b2c3d4'
export const baseTree = '45c48cce2e2d7fbdea1afc51c7c6ad26c9b0a1b2'

function task(id: string, changes: Partial<DependencyUpdate>): DependencyUpdate {
  return {
    v: 1,
    id,
    kind: 'dependency-update',
    repository: {
      root: '/home/ada/storefront',
      baseCommit,
      branch: 'main',
      remote: { name: 'origin', url: 'https://git.example.com/ada/storefront.git' },
      includeUncommitted: false,
    },
    settings: Settings.parse({}),
    ecosystem: 'npm',
    package: '@acme/http-client',
    requested: 'latest',
    ...changes,
  }
}
