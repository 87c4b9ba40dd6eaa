import { createHash } from 'node:crypto'
import { maxLineBytes } from '../../../contract/eventLines.ts'
import type { Stored } from './store.ts'

/* What lies where. Objects are never changed: a name says what is in them, so that whoever reads one can check it. */

/** Of a session's log: `sessions/ID/log/FIRST-LAST-SHA256.jsonl`, numbers of events; a log grows by further ones. */
export interface Segment {
  readonly name: string
  readonly first: number
  readonly last: number
  readonly digest: string
  readonly at: string
}

/** About as many bytes of a log; more where one event is longer. */
export const segmentBytes = 256 * 1024
export const maxSegmentBytes = segmentBytes + maxLineBytes
/** Larger ones stay where they were made. */
export const maxArtifactBytes = 32 * 1024 * 1024

export const decisionsPrefix = 'decisions/'

export function sessionPrefix(session: string): string {
  return `sessions/${session}/`
}

export function segmentName(session: string, first: number, last: number, bytes: Buffer): string {
  const number = (of: number): string => String(of).padStart(9, '0')
  return `${sessionPrefix(session)}log/${number(first)}-${number(last)}-${sha256(bytes)}.jsonl`
}

export function artifactName(session: string, digest: string): string {
  return `${sessionPrefix(session)}artifacts/${digest}`
}

export function decisionName(session: string, id: string): string {
  return `${decisionsPrefix}${session}/${id}.json`
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const segment = /^sessions\/[^/]+\/log\/(\d{9})-(\d{9})-([0-9a-f]{64})\.jsonl$/
const artifact = /^sessions\/[^/]+\/artifacts\/([0-9a-f]{64})$/

/** Segments that follow each other from the first event on; what stands behind a gap is left out. */
export function chainOf(stored: readonly Stored[]): readonly Segment[] {
  const chain: Segment[] = []
  // The longest of those that begin alike comes first: two processes may have shipped the same events.
  const all = stored.flatMap(segmentOf).toSorted((a, b) => a.first - b.first || b.last - a.last)
  for (const one of all) {
    const reached = chain.at(-1)?.last ?? 0
    if (one.first <= reached + 1 && one.last > reached) chain.push(one)
  }
  return chain
}

export function segmentOf({ name, at }: Stored): readonly Segment[] {
  const [, first = '', last = '', digest = ''] = segment.exec(name) ?? []
  return digest === '' ? [] : [{ name, first: Number(first), last: Number(last), digest, at }]
}

/** Digests of a session's artifacts that are in the store. */
export function artifactsOf(stored: readonly Stored[]): readonly string[] {
  return stored.flatMap(({ name }) => artifact.exec(name)?.[1] ?? [])
}

export function sessionOfName(name: string): string | undefined {
  return /^(?:sessions|decisions)\/([^/]+)\//.exec(name)?.[1]
}
