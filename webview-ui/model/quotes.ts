import { shownLine } from '../../src/contract/shownText.ts'
import type { DiffFile, DiffHunk, DiffLine } from './patch.ts'

/** A line of the patch. */
export interface Place {
  readonly file: DiffFile
  readonly hunk: DiffHunk
  readonly line: DiffLine
}

/** A hunk as one text, and where in it each of its lines begins. */
interface Passage {
  readonly file: DiffFile
  readonly hunk: DiffHunk
  readonly text: string
  readonly starts: readonly number[]
}

/** Finds the judge's quotations among the lines of a patch; as it does itself, whatever the white space. */
export class Quotes {
  readonly #files: readonly DiffFile[]
  #passages: readonly Passage[] | undefined

  constructor(files: readonly DiffFile[]) {
    this.#files = files
  }

  /** Where it begins: at a line that changes, where there is one. Undefined where it is not in a hunk. */
  find(quote: string): Place | undefined {
    const wanted = plain(quote.split('\n').map(shownLine))
    if (wanted === '') return undefined
    this.#passages ??= this.#files.flatMap(passagesOf)
    let first: Place | undefined
    for (const passage of this.#passages) {
      for (let at = passage.text.indexOf(wanted); at !== -1; at = passage.text.indexOf(wanted, at + 1)) {
        const place = placeAt(passage, at)
        if (place !== undefined && place.line.kind !== 'same') return place
        first ??= place
      }
    }
    return first
  }
}

/** The lines alone and with their signs: a quotation may have been copied either way. */
function passagesOf(file: DiffFile): readonly Passage[] {
  const signs = { same: '', added: '+', deleted: '-' } as const
  const ways = [(line: DiffLine) => line.text, (line: DiffLine) => `${signs[line.kind]}${line.text}`]
  return ways.flatMap((textOf) => file.hunks.map((hunk) => passage(file, hunk, textOf)))
}

function passage(file: DiffFile, hunk: DiffHunk, textOf: (line: DiffLine) => string): Passage {
  const starts: number[] = []
  let text = ''
  for (const line of hunk.lines) {
    const more = plain([textOf(line)])
    if (more !== '' && text !== '') text += ' '
    starts.push(text.length)
    text += more
  }
  return { file, hunk, text, starts }
}

function placeAt({ file, hunk, starts }: Passage, at: number): Place | undefined {
  // Lines of white space begin where the next one does.
  const line = hunk.lines[starts.findLastIndex((start) => start <= at)]
  return line === undefined ? undefined : { file, hunk, line }
}

function plain(lines: readonly string[]): string {
  return lines.join(' ').replaceAll(/\s+/g, ' ').trim()
}
