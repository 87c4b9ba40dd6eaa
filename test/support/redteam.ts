import { existsSync, readFileSync } from 'node:fs'

export interface RedteamCase {
  readonly id: string
  readonly layer: string
  readonly input: Readonly<Record<string, unknown>>
  readonly expect: 'allow' | 'deny' | 'contain' | 'flag'
  readonly why: string
}

const file = process.env.DRYDOCK_REDTEAM ?? new URL('../../../shared/redteam/cases.json', import.meta.url)

/** The shared cases of a layer; none where the file is not there, which the caller says aloud by skipping. */
export function redteamCases(layer: string): readonly RedteamCase[] {
  if (!existsSync(file)) return []
  const all = JSON.parse(readFileSync(file, 'utf8')) as RedteamCase[]
  return all.filter((entry) => entry.layer === layer)
}
