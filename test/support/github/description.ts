import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

/** The part of GitHub's own description of its interface that is read here. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly (Parameter | Ref)[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content } | Ref>>
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: object
}

interface Ref {
  readonly $ref: string
}

type Content = Readonly<
  Record<string, { readonly schema?: object; readonly examples?: Readonly<Record<string, Example | Ref>> }>
>
type Example = { readonly value: unknown }

export interface Described {
  readonly id: string
  readonly path: Readonly<Record<string, string>>
  /** Why the description refuses the request; empty where it does not. */
  refuses(query: URLSearchParams, body: unknown): readonly string[]
  /** Why it refuses the answer. */
  refusesAnswer(status: number, body: unknown): readonly string[]
}

export interface Description {
  /** Undefined where GitHub has no such operation. */
  find(method: string, pathname: string): Described | undefined
  /** An example of GitHub's own for the answer of an operation. */
  example(id: string, status: string): Record<string, unknown>
}

const id = 'github'

/** GitHub's official OpenAPI description, with which requests and answers are compared. */
export function readDescription(): Description {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json')
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, validateFormats: true })
  addFormats.default(ajv)
  // Formats of GitHub's own, which say nothing that could be checked here.
  for (const format of ['repo.nwo', 'timestamp', 'ssh-key']) ajv.addFormat(format, true)
  ajv.addSchema(withNull(document), id)
  const compiled = new Map<string, ValidateFunction>()
  const validate = (pointer: string, value: unknown): readonly string[] => {
    const found = compiled.get(pointer) ?? ajv.compile({ $ref: `${id}#${pointer}` })
    compiled.set(pointer, found)
    if (found(value)) return []
    return (found.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
  }
  const operations = listed(document)
  return {
    find: (method, pathname) => found(document, operations, validate, method.toLowerCase(), pathname),
    example: (operationId, status) => exampleOf(document, operations, operationId, status),
  }
}

/** `nullable` beside a combination of schemas, which the validator knows beside `type` alone. */
function withNull<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withNull) as T
  if (typeof value !== 'object' || value === null) return value
  const { nullable, ...rest } = value as Record<string, unknown>
  const inside = Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, withNull(one)]))
  if (nullable !== true) return { ...inside, ...(nullable === undefined ? {} : { nullable }) } as T
  // A list of values that leaves null out means it all the same: GitHub answers so.
  const values = Array.isArray(rest.enum) ? { enum: [...rest.enum, null] } : {}
  if ('type' in rest) return { ...inside, ...values, nullable } as T
  return { anyOf: [{ type: 'null' }, inside] } as T
}

interface Known {
  readonly template: string
  readonly method: string
  readonly operation: Operation
  readonly pattern: RegExp
}

function listed({ paths }: Document): readonly Known[] {
  return Object.entries(paths)
    .flatMap(([template, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...{ template, method, operation },
        pattern: patternOf(template),
      })),
    )
    .toSorted((a, b) => a.template.split('{').length - b.template.split('{').length)
}

/** The name of a ref is the one parameter that has slashes of its own. */
function patternOf(template: string): RegExp {
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const isRef = name === 'ref' && template.endsWith('/git/ref/{ref}')
    return `(?<${name}>${isRef ? '.+' : '[^/]+'})`
  })
  return new RegExp(`^${text}$`)
}

type Validate = (pointer: string, value: unknown) => readonly string[]

function found(
  document: Document,
  operations: readonly Known[],
  validate: Validate,
  method: string,
  pathname: string,
): Described | undefined {
  const known = operations.find((one) => one.method === method && one.pattern.test(pathname))
  if (known === undefined) return undefined
  const { operation, template, pattern } = known
  const at = `/paths/${escaped(template)}/${method}`
  const groups = pattern.exec(pathname)?.groups ?? {}
  return {
    id: operation.operationId,
    path: Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)])),
    refuses: (query, body) => [
      ...queryRefused(document, operation, validate, at, query),
      ...bodyRefused(operation, validate, at, body),
    ],
    refusesAnswer: (status, body) => answerRefused(document, operation, validate, at, status, body),
  }
}

function queryRefused(
  document: Document,
  { parameters = [] }: Operation,
  validate: Validate,
  at: string,
  query: URLSearchParams,
): readonly string[] {
  const known = parameters.map((one, index) => ({ one: resolved<Parameter>(document, one), raw: one, index }))
  const allowed = known.filter(({ one }) => one.in === 'query')
  const unknown = [...query.keys()].filter((name) => !allowed.some(({ one }) => one.name === name))
  const wrong = allowed.flatMap(({ one, raw, index }) => {
    const text = query.get(one.name)
    if (text === null) return one.required === true ? [`the query lacks ${one.name}`] : []
    const { type } = one.schema as { readonly type?: string }
    const value =
      type === 'integer' && /^-?\d+$/.test(text) ? Number(text) : type === 'boolean' ? text === 'true' : text
    const pointer = '$ref' in raw ? raw.$ref.slice(1) : `${at}/parameters/${index}`
    return validate(`${pointer}/schema`, value).map((why) => `query ${one.name} ${why}`)
  })
  return [...unknown.map((name) => `the query has ${name}, which is not described`), ...wrong]
}

function bodyRefused(
  { requestBody }: Operation,
  validate: Validate,
  at: string,
  body: unknown,
): readonly string[] {
  if (requestBody === undefined) return body === undefined ? [] : ['a body is not described']
  if (body === undefined) return requestBody.required === true ? ['the body is missing'] : []
  return validate(`${at}/requestBody/content/application~1json/schema`, body)
}

function answerRefused(
  document: Document,
  { responses }: Operation,
  validate: Validate,
  at: string,
  status: number,
  body: unknown,
): readonly string[] {
  const described = responses[status]
  // Limits, lost keys and servers out of order are described nowhere, and everywhere possible.
  if (described === undefined) return status >= 400 ? [] : [`${status} is not described`]
  const pointer = '$ref' in described ? described.$ref.slice(1) : `${at}/responses/${status}`
  const json = resolved<{ readonly content?: Content }>(document, described).content?.['application/json']
  if (json?.schema === undefined)
    return body === undefined || status >= 300 ? [] : ['a body is not described']
  return validate(`${pointer}/content/application~1json/schema`, body)
}

function exampleOf(
  document: Document,
  operations: readonly Known[],
  operationId: string,
  status: string,
): Record<string, unknown> {
  const response = operations.find(({ operation }) => operation.operationId === operationId)?.operation
    .responses[status]
  if (response === undefined) throw new Error(`${operationId} has no answer ${status}`)
  const { content } = resolved<{ readonly content?: Content }>(document, response)
  const [first] = Object.values(content?.['application/json']?.examples ?? {})
  if (first === undefined) throw new Error(`${operationId} has no example`)
  const { value } = resolved<Example>(document, first)
  return structuredClone(Array.isArray(value) ? value[0] : value) as Record<string, unknown>
}

function resolved<T extends object>(document: Document, value: T | Ref): T {
  if (!('$ref' in value)) return value
  const [section = '', name = ''] = value.$ref.split('/').slice(2)
  return document.components[section]?.[name] as T
}

function escaped(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))
}
