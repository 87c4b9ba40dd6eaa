/** Flags of classes and members that count here (JVMS 4.1, 4.5, 4.6). */
export const access = {
  public: 0x0001,
  private: 0x0002,
  protected: 0x0004,
  static: 0x0008,
  final: 0x0010,
  synchronized: 0x0020,
  volatile: 0x0040,
  bridge: 0x0040,
  transient: 0x0080,
  varargs: 0x0080,
  native: 0x0100,
  interface: 0x0200,
  abstract: 0x0400,
  strict: 0x0800,
  synthetic: 0x1000,
  annotation: 0x2000,
  enum: 0x4000,
} as const

/** What attributes say of a class or a member (JVMS 4.7). */
export interface Attributes {
  readonly deprecated: boolean
  /** With type variables and arguments, where it has any (JVMS 4.7.9.1). */
  readonly signature?: string
  /** Internal names of the exceptions that a method declares. */
  readonly exceptions?: readonly string[]
  /** An element of an annotation that need not be given. */
  readonly hasDefault?: true
}

export interface ClassMember extends Attributes {
  readonly kind: 'field' | 'method'
  readonly flags: number
  readonly name: string
  readonly descriptor: string
}

/** A compiled class as others see it; names in the internal form, `java/lang/String`. */
export interface ClassFile extends Attributes {
  readonly major: number
  readonly flags: number
  readonly name: string
  readonly superName: string | undefined
  readonly interfaces: readonly string[]
  readonly members: readonly ClassMember[]
}

/** Bytes of each entry of the constant pool after its tag (JVMS 4.4); a string's length stands before it. */
const constantBytes: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
}

/** Where each constant begins, by its number. */
type Pool = readonly (number | undefined)[]

class Reader {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  u2(): number {
    this.at += 2
    return this.#bytes.readUInt16BE(this.at - 2)
  }

  u4(): number {
    this.at += 4
    return this.#bytes.readUInt32BE(this.at - 4)
  }

  text(pool: Pool, index: number): string {
    const at = pool[index]
    if (at === undefined || this.#bytes[at] !== 1) return ''
    return this.#bytes.toString('utf8', at + 3, at + 3 + this.#bytes.readUInt16BE(at + 1))
  }

  className(pool: Pool, index: number): string | undefined {
    const at = pool[index]
    return at === undefined ? undefined : this.text(pool, this.#bytes.readUInt16BE(at + 1))
  }

  pool(): Pool {
    const count = this.u2()
    const pool: (number | undefined)[] = [undefined]
    while (pool.length < count) {
      const tag = this.#bytes[this.at]
      pool.push(this.at)
      if (tag === 1) this.at += 3 + this.#bytes.readUInt16BE(this.at + 1)
      else {
        const size = constantBytes[tag ?? 0]
        if (size === undefined) throw new RangeError(`constant of kind ${tag}`)
        this.at += 1 + size
        // Longs and doubles take two numbers.
        if (size === 8) pool.push(undefined)
      }
    }
    return pool
  }

  /** Reads attributes to their end. */
  attributes(pool: Pool): Attributes {
    let found: Attributes = { deprecated: false }
    for (let left = this.u2(); left > 0; left -= 1) {
      const name = this.text(pool, this.u2())
      const end = this.u4() + this.at
      if (name === 'Deprecated') found = { ...found, deprecated: true }
      if (name === 'Signature') found = { ...found, signature: this.text(pool, this.u2()) }
      if (name === 'AnnotationDefault') found = { ...found, hasDefault: true }
      if (name === 'Exceptions') found = { ...found, exceptions: this.classNames(pool) }
      this.at = end
    }
    return found
  }

  /** A count, then as many classes. */
  classNames(pool: Pool): readonly string[] {
    return Array.from({ length: this.u2() }, () => this.className(pool, this.u2()) ?? '')
  }

  members(pool: Pool, kind: ClassMember['kind']): ClassMember[] {
    const found: ClassMember[] = []
    for (let left = this.u2(); left > 0; left -= 1) {
      const flags = this.u2()
      const [name, descriptor] = [this.text(pool, this.u2()), this.text(pool, this.u2())]
      found.push({ kind, flags, name, descriptor, ...this.attributes(pool) })
    }
    return found
  }
}

/** Reads a class file without its code. Throws `RangeError` where it is none. */
export function readClass(bytes: Buffer): ClassFile {
  const reader = new Reader(bytes)
  if (reader.u4() !== 0xcafebabe) throw new RangeError('no class file')
  reader.u2()
  const major = reader.u2()
  const pool = reader.pool()
  const flags = reader.u2()
  const name = reader.className(pool, reader.u2()) ?? ''
  const superName = reader.className(pool, reader.u2())
  const interfaces = reader.classNames(pool)
  const members = [...reader.members(pool, 'field'), ...reader.members(pool, 'method')]
  return { major, flags, name, superName, interfaces, members, ...reader.attributes(pool) }
}
