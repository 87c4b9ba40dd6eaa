import { stripVTControlCharacters } from 'node:util'
import { tapFolder } from '../../../contract/tapFolder.ts'
import type { TapSource } from './tap.ts'

export interface TapDocument extends TapSource {
  readonly text: string
}

interface Open {
  readonly source: TapSource
  readonly lines: string[]
}

/** A task runner's mark before each line is as long as this at most. */
const version = /^(.{0,120}?)TAP version 1[234]\s*$/
/** What npm, pnpm and yarn print before a script: name and version of the package. */
const header = /^(?:> |\$ )?>? ?((?:@[\w.-]+\/)?[\w.-]+)@\d\S* [\w:.-]+(?: \S+)?$/

function labelOf(prefix: string): string | undefined {
  const name = prefix
    .replace(/[\s|:>]+$/, '')
    .replace(/[: ]test(:[\w-]+)?$/, '')
    .replace(/^\[(.*)\]$/, '$1')
  return name === '' ? undefined : name
}

const headersOf = (lines: readonly string[]) =>
  new Set(lines.flatMap((line) => (line.startsWith('>') ? (header.exec(line)?.[1] ?? []) : [])))

/**
 * Documents of Test Anything Protocol in a log, taken apart where task runners mark the lines of several scripts. Each
 * begins with its version.
 */
export function tapDocuments(log: string): TapDocument[] {
  if (!log.includes('TAP version 1')) return []
  const lines = stripVTControlCharacters(log).split(/\r?\n/)
  const several = headersOf(lines).size > 1
  const open = new Map<string, Open>()
  const done: Open[] = []
  let name: string | undefined
  let folder: string | undefined
  for (const line of lines) {
    const script = header.exec(line)?.[1]
    const begins = version.exec(line)
    if (line.startsWith(tapFolder)) folder = line.slice(tapFolder.length)
    if (script !== undefined && line.startsWith('>')) {
      name = script
      open.delete('')
    } else if (begins !== null) {
      const prefix = begins[1] ?? ''
      const label = labelOf(prefix) ?? (several ? name : undefined)
      const source = {
        ...(label === undefined || folder !== undefined ? {} : { label }),
        ...(folder === undefined ? {} : { folder }),
      }
      const opened = { source, lines: [line.slice(prefix.length)] }
      open.set(prefix, opened)
      done.push(opened)
    } else {
      const prefix = [...open.keys()]
        .filter((one) => line.startsWith(one))
        .sort((a, b) => b.length - a.length)[0]
      if (prefix !== undefined) open.get(prefix)?.lines.push(line.slice(prefix.length))
    }
  }
  return done.map(({ source, lines: own }) => ({ ...source, text: `${own.join('\n')}\n` }))
}
