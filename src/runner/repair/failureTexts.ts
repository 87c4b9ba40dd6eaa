import type { Step } from '../../contract/report.ts'

/** A cause with its places, as a summary's text holds it: a line that begins with `- `, and the indented ones below. */
type Block = readonly string[]

/** What one tool said: its title and notes, then its causes. */
interface Section {
  readonly head: string[]
  readonly blocks: string[][]
}

function sectionsOf(text: string): readonly Section[] {
  const sections: Section[] = []
  for (const line of text.split('\n')) {
    const last = sections.at(-1)
    if (line.startsWith('- ')) {
      if (last === undefined) sections.push({ head: [], blocks: [[line]] })
      else last.blocks.push([line])
    } else if (/^\s/.test(line) && last?.blocks.length) last.blocks.at(-1)?.push(line)
    else if (last === undefined || last.blocks.length > 0) sections.push({ head: [line], blocks: [] })
    else last.head.push(line)
  }
  return sections
}

const compiler = /TS\d{4,5}: .*/

/** What stands for a compiler's error whoever prints it: its code and its words. */
function errorOf(text: string): string | undefined {
  return compiler
    .exec(text)?.[0]
    .replace(/ \(\d+×\)$/, '')
    .trim()
}

/** What earlier steps told: blocks word by word, and the compiler's errors with the files that they are in. */
class Told {
  readonly #blocks = new Set<string>()
  readonly #errors = new Map<string, Set<string>>()

  has(block: Block): boolean {
    const text = block.join('\n')
    if (this.#blocks.has(text)) return true
    const error = errorOf(text.split('\n')[0] ?? '')
    const files = error === undefined ? undefined : this.#errors.get(error)
    return files !== undefined && [...files].some((file) => text.includes(file))
  }

  add({ summary }: Step, blocks: readonly Block[]): void {
    for (const block of blocks) this.#blocks.add(block.join('\n'))
    for (const { file, message, rule } of summary?.failures ?? []) {
      const error = errorOf(message) ?? (rule === undefined ? undefined : errorOf(`${rule}: ${message}`))
      if (error === undefined || file === undefined) continue
      this.#errors.set(error, (this.#errors.get(error) ?? new Set()).add(file))
    }
  }
}

const sameAsAbove = 'The same errors as above.'

/** Of tests that fail for one cause the place of the first shows it; the others are found by their titles. */
function onePlace(text: string): string {
  return text.replace(/^ {2}\S+: .*\(:\d+\).*$/gm, (line) => {
    let first = true
    return line.replace(/ \(:\d+\)/g, (place) => {
      const kept = first ? place : ''
      first = false
      return kept
    })
  })
}

/** The summaries of failed steps in their order; what one of them told is not told again by another. */
export function failureTexts(steps: readonly Step[]): readonly string[] {
  const told = new Told()
  return steps.map((step) => {
    const text = onePlace(step.summary?.text ?? '')
    const sections = sectionsOf(text)
    const blocks = sections.flatMap((section) => section.blocks)
    const known = new Set(blocks.filter((block) => told.has(block)))
    told.add(step, blocks)
    if (known.size === 0) return text
    if (known.size === blocks.length) return sameAsAbove
    const left = sections.flatMap(({ head, blocks }) => {
      const fresh = blocks.filter((block) => !known.has(block))
      return fresh.length === 0 && blocks.length > 0 ? [] : [...head, ...fresh.flat()]
    })
    return [...left, `… ${sameAsAbove}`].join('\n')
  })
}
