import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { Campaign, CampaignLimits } from '../../contract/fleet/campaign.ts'
import { Settings } from '../../contract/settings.ts'
import { wordsOf } from './wrong.ts'

const maxBytes = 4 * 1024 * 1024

/** Reads a campaign file; throws `bad-campaign` with the line that is wrong. */
export async function readCampaign(path: string): Promise<Campaign> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw failures.badCampaign(path, 0, `it cannot be read (${toFailure(error).message})`)
  })
  return parseCampaign(text, basename(path))
}

export function parseCampaign(text: string, file: string): Campaign {
  if (Buffer.byteLength(text) > maxBytes) throw failures.badCampaign(file, 0, 'it has more than 4 MB')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined)
    throw failures.badCampaign(file, lines.linePos(error.pos[0]).line, firstLine(error.message))
  const parsed = Campaign.safeParse(readOf(document, file))
  if (parsed.success) return parsed.data
  const said = parsed.error.issues.map((issue) => ({
    line: lineOf(document, lines, issue),
    why: wordsOf(issue, isThere(document, issue.path), knownAt(issue.path)),
    // A key that is misspelt is missing, too: what is written is what a person looks for.
    rank: issue.code === 'unrecognized_keys' ? 0 : 1,
  }))
  const [first = { line: 0, why: 'it is no campaign' }] = said.toSorted(
    (a, b) => a.rank - b.rank || a.line - b.line,
  )
  const all = said.map(({ line, why }) => `line ${line}: ${why}`).join('\n')
  throw failures.badCampaign(file, first.line, first.why, all)
}

/** Aliases are counted: a few lines can stand for more than a machine's memory. */
function readOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw failures.badCampaign(file, 0, firstLine(toFailure(error).message))
  }
}

function isThere(document: Document, path: readonly PropertyKey[]): boolean {
  const found: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
  return found !== undefined && found !== null
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/[.:]$/, '')
}

/** Keys that the place knows where the issue names one that it does not. */
function knownAt(path: readonly PropertyKey[]): readonly string[] {
  const [first, ...rest] = path
  if (first === undefined) return Object.keys(Campaign.shape)
  if (rest.length === 0 && first === 'limits') return Object.keys(CampaignLimits.shape)
  return first === 'settings' && rest.length === 0 ? Object.keys(Settings.shape) : []
}

/** Of the value that is wrong, or of the nearest one around it that is there. */
function lineOf(document: Document, lines: LineCounter, issue: z.core.$ZodIssue): number {
  const key = issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : undefined
  for (let path = key === undefined ? [...issue.path] : [...issue.path, key]; ; path = path.slice(0, -1)) {
    const found: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
    if (isNode(found) && found.range) return lines.linePos(found.range[0]).line
    if (path.length === 0) return 1
  }
}
