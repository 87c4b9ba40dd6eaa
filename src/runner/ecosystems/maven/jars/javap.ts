import { access, type ClassFile, type ClassMember } from '../release/classFile.ts'
import { kindOf } from '../release/javaText.ts'
import { Signature } from './signature.ts'

function words(flags: number, names: readonly (keyof typeof access)[]): string {
  return names
    .filter((name) => (flags & access[name]) !== 0)
    .map((name) => `${name === 'strict' ? 'strictfp' : name} `)
    .join('')
}

const visibility = ['public', 'private', 'protected'] as const
const ofClass = [...visibility, 'static', 'final'] as const
const ofField = [...visibility, 'static', 'final', 'volatile', 'transient'] as const
const ofMethod = [...visibility, 'static', 'final', 'synchronized', 'native', 'abstract', 'strict'] as const

function dots(internal: string): string {
  return internal.replaceAll('/', '.')
}

/** The signature with type arguments, or the one without, where that cannot be read. */
function readOr<T>(signature: string | undefined, plain: string, read: (text: Signature) => T): T {
  try {
    if (signature !== undefined) return read(new Signature(signature))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return read(new Signature(plain))
}

function fieldText({ flags, name, descriptor, signature }: ClassMember): string {
  return `${words(flags, ofField)}${readOr(signature, descriptor, (text) => text.type())} ${name}`
}

function methodText(owner: ClassFile, member: ClassMember): string {
  const { flags, name, descriptor, signature, exceptions = [] } = member
  return readOr(signature, descriptor, (text) => {
    const variables = text.typeParameters()
    const parameters = text.parameters()
    const gives = text.type()
    const thrown = text.thrown()
    if ((flags & access.varargs) !== 0) parameters.push((parameters.pop() ?? '').replace(/\[\]$/, '...'))
    const inInterface = (owner.flags & access.interface) !== 0
    const isDefault = inInterface && (flags & (access.abstract | access.static | access.private)) === 0
    const head = `${words(flags, ofMethod)}${isDefault ? 'default ' : ''}${variables === '' ? '' : `${variables} `}`
    const named = name === '<init>' ? dots(owner.name) : `${gives} ${name}`
    const all = thrown.length > 0 ? thrown : exceptions.map(dots)
    return `${head}${named}(${parameters.join(', ')})${all.length === 0 ? '' : ` throws ${all.join(', ')}`}`
  })
}

function headText(read: ClassFile): string {
  const { flags, name, superName, interfaces, signature } = read
  const isInterface = (flags & access.interface) !== 0
  const plain = [superName ?? 'java/lang/Object', ...interfaces].map((one) => `L${one};`).join('')
  return readOr(signature, plain, (text) => {
    const variables = text.typeParameters()
    const [base = '', ...others] = text.types()
    const extended = isInterface ? others : base === 'java.lang.Object' ? [] : [base]
    const implemented = isInterface ? [] : others
    const abstract = !isInterface && (flags & access.abstract) !== 0 ? 'abstract ' : ''
    return [
      `${words(flags, ofClass)}${abstract}${isInterface ? 'interface' : 'class'} ${dots(name)}${variables}`,
      ...(extended.length === 0 ? [] : [`extends ${extended.join(', ')}`]),
      ...(implemented.length === 0 ? [] : [`implements ${implemented.join(', ')}`]),
    ].join(' ')
  })
}

/** What a class offers, as `javap` prints it: all but what is private or made by the compiler. */
export function signatures(read: ClassFile): string {
  const hidden = access.private | access.synthetic
  const members = read.members.filter(({ flags, name }) => (flags & hidden) === 0 && name !== '<clinit>')
  const lines = members.map((member) => {
    const text = member.kind === 'field' ? fieldText(member) : methodText(read, member)
    return `  ${text};${member.deprecated ? ' // deprecated' : ''}`
  })
  const what = kindOf(read) === '@interface' ? ' // an annotation' : read.deprecated ? ' // deprecated' : ''
  return [`${headText(read)} {${what}`, ...lines, '}'].join('\n')
}
