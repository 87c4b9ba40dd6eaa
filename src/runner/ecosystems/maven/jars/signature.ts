import { primitives } from '../release/javaText.ts'

/**
 * Descriptors and signatures (JVMS 4.3 and 4.7.9.1) as `javap` writes them, read from left to right. Throws `RangeError`
 * where the text is none.
 */
export class Signature {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get #next(): string {
    return this.#text[this.#at] ?? ''
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length
  }

  #take(wanted: string): boolean {
    if (this.#next !== wanted) return false
    this.#at += 1
    return true
  }

  #expect(wanted: string): void {
    if (!this.#take(wanted)) throw new RangeError(`${wanted} expected at ${this.#at} of ${this.#text}`)
  }

  #until(ends: string): string {
    const from = this.#at
    while (!this.atEnd && !ends.includes(this.#next)) this.#at += 1
    if (this.#at === from) throw new RangeError(`a name expected at ${from} of ${this.#text}`)
    return this.#text.slice(from, this.#at)
  }

  /** `<T, E extends java.lang.Exception>`; empty where there are none. */
  typeParameters(): string {
    if (!this.#take('<')) return ''
    const parameters: string[] = []
    while (!this.#take('>')) parameters.push(this.#typeParameter())
    return `<${parameters.join(', ')}>`
  }

  #typeParameter(): string {
    const name = this.#until(':')
    const bounds: string[] = []
    while (this.#take(':')) if (this.#next !== ':') bounds.push(this.type())
    const told = bounds.length === 1 && bounds[0] === 'java.lang.Object' ? [] : bounds
    return told.length === 0 ? name : `${name} extends ${told.join(' & ')}`
  }

  type(): string {
    if (this.#take('[')) return `${this.type()}[]`
    if (this.#take('L')) return this.#classType()
    if (this.#take('T')) {
      const name = this.#until(';')
      this.#expect(';')
      return name
    }
    const primitive = primitives[this.#next]
    if (primitive === undefined) throw new RangeError(`a type expected at ${this.#at} of ${this.#text}`)
    this.#at += 1
    return primitive
  }

  #classType(): string {
    let name = this.#until('<;.').replaceAll('/', '.') + this.#arguments()
    // A class within one that has arguments.
    while (this.#take('.')) name += `.${this.#until('<;.')}${this.#arguments()}`
    this.#expect(';')
    return name
  }

  #arguments(): string {
    if (!this.#take('<')) return ''
    const found: string[] = []
    while (!this.#take('>')) found.push(this.#argument())
    return `<${found.join(', ')}>`
  }

  #argument(): string {
    if (this.#take('*')) return '?'
    if (this.#take('+')) return `? extends ${this.type()}`
    if (this.#take('-')) return `? super ${this.type()}`
    return this.type()
  }

  /** `(int, java.lang.String)` without its brackets. */
  parameters(): string[] {
    this.#expect('(')
    const found: string[] = []
    while (!this.#take(')')) found.push(this.type())
    return found
  }

  /** Types that stand behind a sign: the exceptions of a method. */
  thrown(): string[] {
    const found: string[] = []
    while (this.#take('^')) found.push(this.type())
    return found
  }

  types(): string[] {
    const found: string[] = []
    while (!this.atEnd) found.push(this.type())
    return found
  }
}
