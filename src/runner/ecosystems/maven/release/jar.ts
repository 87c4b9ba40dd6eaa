import { unzipSync } from 'fflate'
import { type ClassFile, readClass } from './classFile.ts'

const limits = { entries: 40_000, fileBytes: 4_000_000, totalBytes: 256_000_000 } as const

export interface Jar {
  /** By internal name. */
  readonly classes: ReadonlyMap<string, ClassFile>
  /** Text files at the top and in META-INF that may be a changelog. */
  readonly texts: ReadonlyMap<string, string>
  /** Classes that the jar provides, by the interface that a service loader asks for. */
  readonly services: ReadonlyMap<string, ReadonlySet<string>>
  /** A limit was met, or a class could not be read. */
  readonly partial: boolean
}

const service = /^META-INF\/services\/([\w.$]+)$/
const text = /^(META-INF\/)?(CHANGE(S|LOG)?|HISTORY|RELEASE-?NOTES)[^/]*$/i

/** Reads a jar in memory, within limits; what it says of sizes is held against it. */
export function readJar(bytes: Uint8Array): Jar {
  let entries = 0
  let room: number = limits.totalBytes
  let partial = false
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      const isClass = name.endsWith('.class') && !/^META-INF\/|(^|\/)(module|package)-info\./.test(name)
      if (!isClass && !text.test(name) && !service.test(name)) return false
      entries += 1
      const fits = entries <= limits.entries && originalSize <= limits.fileBytes && originalSize <= room
      if (fits) room -= originalSize
      else partial = true
      return fits
    },
  })
  const classes = new Map<string, ClassFile>()
  const texts = new Map<string, string>()
  const services = new Map<string, ReadonlySet<string>>()
  for (const [name, content] of Object.entries(files)) {
    const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    const [, provided] = service.exec(name) ?? []
    if (provided !== undefined) {
      services.set(provided, providersIn(buffer.toString('utf8')))
      continue
    }
    if (!name.endsWith('.class')) {
      texts.set(name.replace('META-INF/', ''), buffer.toString('utf8'))
      continue
    }
    try {
      const read = readClass(buffer)
      classes.set(read.name, read)
    } catch {
      partial = true
    }
  }
  return { classes, texts, services, partial }
}

/** One class a line; `#` begins a comment (java.util.ServiceLoader). */
function providersIn(text: string): ReadonlySet<string> {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*$/, '').trim())
  return new Set(lines.filter((line) => /^[\w.$]+$/.test(line)))
}
