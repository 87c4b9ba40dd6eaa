import http from 'node:http'
import stream from 'node:stream'
import { parse } from '@babel/parser'
import type * as t from '@babel/types'
import type { Words } from '../../release/words.ts'
import type { PackageFiles } from './tarball.ts'

const maxCharacters = 3_000_000
const maxDepth = 400

interface Sets {
  readonly names: Set<string>
  readonly values: Set<string>
  readonly code: Set<string>
  readonly refusals: Set<string>
}

const word = /^[A-Za-z$][\w$]*(?:[-.:/][\w$]+)*$/
const leftOut = /\.min\.[cm]?js$|(?:^|\/)(?:docs?|examples?|benchmarks?|locales?)\//

/** What every program reads of strings, lists, streams and requests says nothing of a package. */
const ofTheLanguage: ReadonlySet<string> = new Set([
  ...'string number boolean object function symbol undefined bigint default exports module require'.split(
    ' ',
  ),
  ...[
    ...Object.getOwnPropertyNames(globalThis).map((name) => Reflect.get(globalThis, name) as unknown),
    ...[http.IncomingMessage, http.ServerResponse, http.ClientRequest, http.Agent, stream.Readable],
    ...[stream.Duplex, stream.Writable],
  ].flatMap(namesOf),
])

function namesOf(value: unknown): readonly string[] {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return []
  const prototype = Reflect.get(value, 'prototype') as unknown
  const own = typeof prototype === 'object' && prototype !== null ? Object.getOwnPropertyNames(prototype) : []
  return [...Object.getOwnPropertyNames(value), ...own]
}

function isRead(path: string): boolean {
  return /\.[cm]?js$/.test(path) && !leftOut.test(path)
}

/** Words of all the JavaScript of a package; undefined where it is more than is read. */
export function wordsOf(files: PackageFiles): Words | undefined {
  const sources = [...files].filter(([path]) => isRead(path))
  if (sources.reduce((sum, [, text]) => sum + text.length, 0) > maxCharacters) return undefined
  const declared = new Set<string>()
  for (const [path, text] of files) if (/\.d\.[cm]?ts$/.test(path)) declaredWords(declared, text)
  const code = new Set<string>()
  const sets: Sets = { names: new Set(), values: new Set(), code, refusals: new Set() }
  const counts = new Map<string, number>()
  for (const [, text] of sources) {
    const names = new Set<string>()
    readFile({ ...sets, names }, text)
    for (const name of names) {
      sets.names.add(name)
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return { ...sets, all: new Set([...declared, ...code]), files: counts }
}

function declaredWords(all: Set<string>, text: string): void {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  for (const [found] of bare.matchAll(/[A-Za-z_$][\w$]*/g)) all.add(found)
}

function readFile(sets: Sets, text: string): void {
  try {
    const file = parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
    })
    walk(file.program, { sets, given: new Set(), depth: 0 })
  } catch {
    // What is no program is not read.
  }
}

interface Walk {
  readonly sets: Sets
  /** Parameters of the functions around. */
  readonly given: ReadonlySet<string>
  readonly depth: number
}

const isOptions = /opts?$|options?$|config(?:uration)?$|settings$|props$|params$|^args$|argv$|defaults$/i
const isTable = /default|option|schema|config|settings|propTypes/i

function isNode(value: unknown): value is t.Node {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string'
}

function walk(node: t.Node, { sets, given, depth }: Walk): void {
  if (depth > maxDepth) return
  readNode(node, sets, given)
  const inner = 'params' in node ? new Set([...given, ...(node.params as t.Node[]).flatMap(boundBy)]) : given
  const next = { sets, given: inner, depth: depth + 1 }
  for (const key in node) {
    if (key === 'loc' || key.endsWith('omments')) continue
    const value: unknown = Reflect.get(node, key)
    if (Array.isArray(value)) {
      for (const one of value) if (isNode(one)) walk(one, next)
    } else if (isNode(value)) walk(value, next)
  }
}

function boundBy(node: t.Node): readonly string[] {
  if (node.type === 'Identifier') return [node.name]
  return node.type === 'AssignmentPattern' && node.left.type === 'Identifier' ? [node.left.name] : []
}

function readNode(node: t.Node, sets: Sets, given: ReadonlySet<string>): void {
  switch (node.type) {
    case 'Identifier':
      sets.code.add(node.name)
      return
    case 'StringLiteral':
      if (word.test(node.value)) sets.code.add(node.value)
      else addRefusal(sets, node.value)
      return
    case 'TemplateElement':
      addRefusal(sets, node.value.raw)
      return
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      if (!node.computed && isGiven(node.object, given)) addName(sets, node.property)
      return
    case 'ObjectPattern':
      for (const one of node.properties) if (one.type === 'ObjectProperty') addName(sets, one.key)
      return
    case 'VariableDeclarator':
      if (node.id.type === 'Identifier' && isTable.test(node.id.name)) addKeys(sets, node.init)
      return
    case 'AssignmentExpression':
      readAssignment(node, sets)
      return
    case 'ObjectProperty':
      if (tells.test(nameOf(node.key) ?? '')) addValue(sets, node.value)
      return
    case 'SwitchCase':
      addValue(sets, node.test)
      return
    case 'BinaryExpression':
      if (/^[!=]==?$/.test(node.operator)) for (const one of [node.left, node.right]) addValue(sets, one)
      return
    case 'CallExpression':
      readCall(node, sets)
      return
    default:
  }
}

const refuses =
  /^(?!.*\bwill be\b).*\b(?:no longer|(?:been|was|were) (?:removed|renamed)|(?:is|are) not supported|removed in)\b/i

/** A sentence to whoever gives what is not taken any more. */
function addRefusal({ refusals }: Sets, text: string): void {
  if (text.length > 12 && text.length < 300 && refuses.test(text)) refusals.add(text)
}

/** Keys by which something says what it is. */
const tells = /^(?:name|type|code|event|kind)$/

function readAssignment({ left, right }: t.AssignmentExpression, sets: Sets): void {
  const name = left.type === 'MemberExpression' ? nameOf(left.property) : nameOf(left)
  if (name === undefined) return
  if (isTable.test(name)) addKeys(sets, right)
  if (tells.test(name)) addValue(sets, right)
}

const speaks = /^(?:emit|on|once|off|addListener|addEventListener|includes|indexOf|has)$/

function readCall({ callee, arguments: given }: t.CallExpression, sets: Sets): void {
  if (callee.type !== 'MemberExpression' || !speaks.test(nameOf(callee.property) ?? '')) return
  addValue(sets, given[0])
  if (callee.object.type === 'ArrayExpression') for (const one of callee.object.elements) addValue(sets, one)
}

/** A parameter, or what is called options: `options.x`, `this.options.x`. */
function isGiven(node: t.Node, given: ReadonlySet<string>): boolean {
  if (node.type === 'Identifier') return given.has(node.name) || isOptions.test(node.name)
  return node.type === 'MemberExpression' && isOptions.test(nameOf(node.property) ?? '')
}

function nameOf(node: t.Node): string | undefined {
  if (node.type === 'Identifier') return node.name
  return node.type === 'StringLiteral' ? node.value : undefined
}

function addName({ names }: Sets, key: t.Node): void {
  const name = nameOf(key)
  if (name !== undefined && isTelling(name) && !name.startsWith('_')) names.add(name)
}

function isTelling(name: string): boolean {
  return name.length > 2 && word.test(name) && !ofTheLanguage.has(name)
}

function addValue({ values }: Sets, node: t.Node | null | undefined): void {
  if (node?.type === 'StringLiteral' && isTelling(node.value)) values.add(node.value)
}

/** Keys of a table of options, also of those in it. */
function addKeys(sets: Sets, node: t.Node | null | undefined): void {
  if (node?.type !== 'ObjectExpression') return
  for (const one of node.properties) {
    if (one.type === 'SpreadElement') continue
    addName(sets, one.key)
    if (one.type === 'ObjectProperty') addKeys(sets, one.value)
  }
}
