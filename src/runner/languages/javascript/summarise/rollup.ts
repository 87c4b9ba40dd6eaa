import type { Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'

const START = /^\[!\] (.*)$/
const CODED = /^(?:Error: )?\[([A-Z_]{4,})\](?: Error:)? (.*)$/
const PREFIX = /^(?:\[!\] )?(?:\(plugin [^)]*\) )?(?:\[(?:plugin )?[\w:./@ -]+\]:? ?)?(?:\w*Error: )?/
/** The ways in which rollup, vite and rolldown say where. */
const PLACES = [
  /^file: (.+?):(\d+):(\d+)/,
  /^(\S+) \((\d+):(\d+)\)/,
  /╭─+\[ ?(.+?):(\d+):(\d+) ?\]/,
  /(?:from|imported by|importer:?) "?([^\s"]+\.[\w]+)"?\.?/,
]

interface Failure {
  message: string
  rule: string | undefined
  place: RegExpExecArray | undefined
  readonly detail: string[]
  readonly number: number
}

/** rollup, vite and rolldown. */
export function rollup(): Recogniser {
  const failures: Failure[] = []
  let state: 'no' | 'awaiting' | 'open' = 'no'
  let before: RegExpExecArray | undefined
  const open = (text: string, number: number, rule?: string) => {
    const message = text.replace(PREFIX, '')
    const own = placeIn(message)
    const place = own?.[2] === undefined ? (before ?? own) : own
    failures.push({ message: message.replace(/^\S+ \(\d+:\d+\): /, ''), rule, place, detail: [], number })
    before = undefined
    state = 'open'
  }
  const inside = (line: string, number: number) => {
    const coded = CODED.exec(line)
    const last = failures.at(-1)
    if (coded !== null && failures.length < 300) open(coded[2] ?? '', number, coded[1])
    else if (/^\s+at |^npm (?:error|ERR!)/.test(line)) state = 'no'
    else if (last !== undefined) {
      const place = placeIn(line)
      if (place !== undefined && (last.place === undefined || last.place.length < 4)) last.place = place
      else if (last.detail.length < 6 && /^\s*\d+ ?[:│|]|^>|^\s+\^/.test(line))
        last.detail.push(line.trimEnd())
    }
  }
  return {
    needles: ['[!] ', 'rror'],
    busy: () => state !== 'no',
    line(line, number) {
      if (line.startsWith('[!] ')) open(START.exec(line)?.[1] ?? '', number)
      else if (line === 'error during build:') state = 'awaiting'
      else if (state === 'awaiting' && line.trim() !== '' && !/^Build failed with /.test(line)) {
        const coded = CODED.exec(line)
        open(coded?.[2] ?? line, number, coded?.[1])
      } else if (state === 'open') inside(line, number)
      else if (line.startsWith('file: ')) before = placeIn(line)
    },
    end: () => sectionOf('COMPILATION_FAILURE', 'bundle', 'error', failures.map(foundOf)),
  }
}

function placeIn(line: string): RegExpExecArray | undefined {
  for (const pattern of PLACES) {
    const match = pattern.exec(line)
    if (match !== null) return match
  }
  return undefined
}

function foundOf({ message, rule, place, detail, number }: Failure): Found {
  const at = place?.[2] === undefined ? {} : { line: Number(place[2]), column: Number(place[3]) + 1 }
  const file = place?.[1] === undefined ? {} : { file: place[1] }
  return {
    finding: { failure: { ...file, ...at, ...(rule === undefined ? {} : { rule }), message }, detail },
    number,
  }
}
