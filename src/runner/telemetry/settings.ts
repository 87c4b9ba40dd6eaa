import { readFile } from 'node:fs/promises'
import { failures } from '../../contract/failures.ts'
import { mlflow } from './conventions.ts'

/** Where traces go, as OpenTelemetry's own variables say it. Held in memory only: the headers carry credentials. */
export interface TelemetrySettings {
  /** Address that spans are posted to. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of one export, ms. */
  readonly timeoutMs: number
  readonly gzip: boolean
  /** `service.name` and what else describes who exports. */
  readonly resource: Readonly<Record<string, string>>
  /** Words of models, people and the repository are exported, too. */
  readonly content: boolean
  readonly tls: { readonly ca?: string[]; readonly cert?: string; readonly key?: string }
  readonly proxy?: string
  readonly noProxy?: string
  /** Base address of an MLflow server, where the collector is one: assessments go there. */
  readonly mlflow?: string
}

type Environment = Readonly<Record<string, string | undefined>>

const tracesPath = '/v1/traces'

/** Undefined where nothing is to be exported. Throws `bad-config` where a variable cannot be used. */
export async function telemetrySettings(env: Environment): Promise<TelemetrySettings | undefined> {
  if (isTrue(env.OTEL_SDK_DISABLED) || env.OTEL_TRACES_EXPORTER === 'none') return undefined
  const url = addressOf(env)
  if (url === undefined) return undefined
  requireProtobuf(env)
  const headers = { ...pairs(env, 'OTEL_EXPORTER_OTLP_HEADERS'), ...pairs(env, traces('HEADERS')) }
  return {
    ...{ url, headers },
    timeoutMs: timeoutOf(env),
    gzip: either(env, 'COMPRESSION') === 'gzip',
    resource: {
      'service.name': 'drydock',
      ...pairs(env, 'OTEL_RESOURCE_ATTRIBUTES'),
      ...(given(env.OTEL_SERVICE_NAME) ? { 'service.name': env.OTEL_SERVICE_NAME ?? '' } : {}),
    },
    content: wantsContent(env),
    tls: await tlsOf(env),
    ...proxyFor(new URL(url), env),
    ...mlflowAt(url, headers),
  }
}

/** Of the headers, what is a secret by its name: who a tenant is, is ordinary text elsewhere. */
export function secretsOfTelemetry(settings: TelemetrySettings | undefined): readonly string[] {
  return Object.entries(settings?.headers ?? {})
    .filter(([name]) => credential.test(name))
    .flatMap(([, value]) => [value, ...value.split(/\s+/)])
    .filter((value) => value.length >= shortestSecret)
}

const credential = /auth|cookie|credential|key|password|secret|token/i

/** Shorter words of a header, such as `Basic`, are ordinary text elsewhere. */
const shortestSecret = 8

/** The address without what may be a credential in it, for messages. */
export function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

function given(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== ''
}

function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === 'true'
}

function traces(name: string): string {
  return `OTEL_EXPORTER_OTLP_TRACES_${name}`
}

/** The variable for traces wins over the one for everything. */
function either(env: Environment, name: string): string | undefined {
  return [env[traces(name)], env[`OTEL_EXPORTER_OTLP_${name}`]].find(given)?.trim()
}

function addressOf(env: Environment): string | undefined {
  const own = env[traces('ENDPOINT')]
  if (given(own)) return httpAddress(traces('ENDPOINT'), own)
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!given(base)) return undefined
  const { origin, pathname, search } = new URL(httpAddress('OTEL_EXPORTER_OTLP_ENDPOINT', base))
  return `${origin}${pathname.replace(/\/+$/, '')}${tracesPath}${search}`
}

function httpAddress(variable: string, text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw failures.badCollector(variable, 'it is no address that begins with http:// or https://')
  if (url.username !== '' || url.password !== '')
    throw failures.badCollector(variable, 'it has a user or a password; a header carries those')
  return url.href
}

function requireProtobuf(env: Environment): void {
  const protocol = either(env, 'PROTOCOL') ?? 'http/protobuf'
  if (protocol !== 'http/protobuf')
    throw failures.badCollector('OTEL_EXPORTER_OTLP_PROTOCOL', 'only http/protobuf is spoken')
}

/** `key=value,key=value`, values URL-encoded, as the specification writes headers and resource attributes. */
function pairs(env: Environment, name: string): Readonly<Record<string, string>> {
  const text = env[name]
  if (!given(text)) return {}
  return Object.fromEntries(
    text
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => pairOf(part, name)),
  )
}

function pairOf(part: string, name: string): readonly [string, string] {
  const at = part.indexOf('=')
  const key = part.slice(0, at).trim()
  if (at < 1 || !/^[A-Za-z0-9._-]+$/.test(key))
    throw failures.badCollector(name, 'it is not a list of key=value, separated by commas')
  const value = part.slice(at + 1).trim()
  try {
    return [key, decodeURIComponent(value)]
  } catch {
    return [key, value]
  }
}

function timeoutOf(env: Environment): number {
  const ms = Number(either(env, 'TIMEOUT') ?? 10_000)
  if (Number.isFinite(ms) && ms > 0) return ms
  throw failures.badCollector('OTEL_EXPORTER_OTLP_TIMEOUT', 'it is not a number of milliseconds')
}

/** The conventions' own variable; the setting of the extension and the command line stands beside it. */
function wantsContent(env: Environment): boolean {
  const value = env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT?.trim().toLowerCase()
  return value === 'true' || value === 'span_only' || value === 'span_and_event'
}

async function tlsOf(env: Environment): Promise<TelemetrySettings['tls']> {
  const read = async (name: string): Promise<string | undefined> => {
    const path = either(env, name)
    if (path === undefined) return undefined
    return readFile(path, 'utf8').catch(() => {
      throw failures.badCollector(`OTEL_EXPORTER_OTLP_${name}`, 'its file cannot be read')
    })
  }
  const bundle = given(env.SSL_CERT_FILE)
    ? await readFile(env.SSL_CERT_FILE, 'utf8').catch(() => undefined)
    : undefined
  const [own, cert, key] = [
    await read('CERTIFICATE'),
    await read('CLIENT_CERTIFICATE'),
    await read('CLIENT_KEY'),
  ]
  const ca = own ?? bundle
  return {
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

function proxyFor({ protocol }: URL, env: Environment): Pick<TelemetrySettings, 'proxy' | 'noProxy'> {
  const first = (...names: readonly string[]) => names.map((name) => env[name]).find(given)
  const proxy =
    protocol === 'https:' ? first('HTTPS_PROXY', 'https_proxy') : first('HTTP_PROXY', 'http_proxy')
  const noProxy = first('NO_PROXY', 'no_proxy')
  return {
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  }
}

function mlflowAt(url: string, headers: Readonly<Record<string, string>>): Pick<TelemetrySettings, 'mlflow'> {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === mlflow.experimentHeader)
  const { origin, pathname } = new URL(url)
  if (!named || !pathname.endsWith(tracesPath)) return {}
  return { mlflow: `${origin}${pathname.slice(0, -tracesPath.length)}` }
}
