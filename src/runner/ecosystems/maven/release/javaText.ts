import { access, type ClassFile, type ClassMember } from './classFile.ts'

/** Names of the base types of a descriptor (JVMS 4.3.2, 4.3.3). */
export const primitives: Readonly<Record<string, string>> = {
  B: 'byte',
  C: 'char',
  D: 'double',
  F: 'float',
  I: 'int',
  J: 'long',
  S: 'short',
  V: 'void',
  Z: 'boolean',
}

/** `org/yaml/Foo$Bar`: `org.yaml.Foo.Bar`. */
export function dotted(internal: string): string {
  return internal.replaceAll(/[/$]/g, '.')
}

function simple(internal: string): string {
  return dotted(internal.slice(internal.lastIndexOf('/') + 1))
}

const type = /(\[*)(?:L([^;]+);|([BCDFIJSVZ]))/g

/** How a type is named: `Bar`, or `org.yaml.Foo.Bar`. */
type Naming = (internal: string) => string

/** The types of a descriptor (JVMS 4.3). */
function typesOf(descriptor: string, naming: Naming): readonly string[] {
  return [...descriptor.matchAll(type)].map(([, arrays = '', name, primitive = '']) => {
    return `${name === undefined ? primitives[primitive] : naming(name)}${'[]'.repeat(arrays.length)}`
  })
}

function modifiers(flags: number): string {
  const words = [
    ...((flags & access.protected) === 0 ? [] : ['protected']),
    ...((flags & access.static) === 0 ? [] : ['static']),
  ]
  return words.map((word) => `${word} `).join('')
}

/** A member as Java writes it, with short names of types unless another naming is given, and no names of parameters. */
export function memberText(
  owner: ClassFile,
  { name, descriptor, flags, kind }: ClassMember,
  naming: Naming = simple,
): string {
  if (kind === 'field') return `${modifiers(flags)}${typesOf(descriptor, naming)[0] ?? ''} ${name}`
  const close = descriptor.indexOf(')')
  const parameters = typesOf(descriptor.slice(1, close), naming).join(', ')
  if (name === '<init>') return `${modifiers(flags)}${ownName(owner.name)}(${parameters})`
  return `${modifiers(flags)}${typesOf(descriptor.slice(close + 1), naming)[0] ?? ''} ${name}(${parameters})`
}

/** The name that a constructor has. */
export function ownName(internal: string): string {
  return simple(internal).split('.').at(-1) ?? internal
}

export function kindOf({ flags }: ClassFile): string {
  if ((flags & access.annotation) !== 0) return '@interface'
  if ((flags & access.interface) !== 0) return 'interface'
  return (flags & access.enum) === 0 ? 'class' : 'enum'
}

export function classText(read: ClassFile): string {
  const abstract = kindOf(read) === 'class' && (read.flags & access.abstract) !== 0 ? 'abstract ' : ''
  const superName = read.superName ?? 'java/lang/Object'
  // A class that moved is often left as one that extends itself by its new name.
  const named = simple(superName) === simple(read.name) ? dotted(superName) : simple(superName)
  const extended = /^java\/lang\/(Object|Enum|Record)$/.test(superName) ? '' : ` extends ${named}`
  return `${abstract}${kindOf(read)} ${simple(read.name)}${extended}`
}
