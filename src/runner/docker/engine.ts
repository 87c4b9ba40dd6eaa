import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Docker from 'dockerode'
import { failures } from '../../contract/failures.ts'
import { currentContext, type Endpoint, type EngineSearch, readContext, readTls } from './context.ts'
import { placeOf } from './place.ts'
import { type Candidate, exists, usualSockets } from './sockets.ts'
import { openSshBridge } from './sshBridge.ts'

export interface Engine {
  readonly docker: Docker
  readonly address: string
  /** How it was found, such as `DOCKER_HOST` or `context desktop-linux`. */
  readonly source: string
  readonly close: () => void
}

const PING_TIMEOUT_MS = 10_000

/** The engine a person's `docker` command would use, else the first usual socket that answers. */
export async function findEngine(search: EngineSearch): Promise<Engine> {
  const tried: string[] = []
  const found = await candidates(search)
  for (const candidate of found) {
    const engine = await connect(candidate, search)
    if (engine !== undefined && (await answers(engine.docker))) return engine
    engine?.close()
    const host = `${candidate.source} ${candidate.endpoint.host}`.trim()
    tried.push(engine === undefined ? `${host}, which is no address` : host)
  }
  const place = await placeOf({ ...search, exists })
  throw failures.engineNotFound(tried.join(', ') || 'no socket found', place, found[0]?.chosenBy)
}

async function candidates(search: EngineSearch): Promise<readonly Candidate[]> {
  const { env } = search
  if (env.DOCKER_HOST) {
    const tls = env.DOCKER_CERT_PATH ? await readTls(env.DOCKER_CERT_PATH) : undefined
    const endpoint = { host: env.DOCKER_HOST, ...(tls && { tls }) }
    return [{ source: 'DOCKER_HOST', endpoint, chosenBy: 'DOCKER_HOST' }]
  }
  const configDir = env.DOCKER_CONFIG || join(search.home, '.docker')
  const context = await currentContext(configDir, env.DOCKER_CONTEXT)
  const endpoint = context && (await readContext(configDir, context))
  if (context && endpoint)
    return [
      {
        ...{ source: `context ${context}`, endpoint },
        chosenBy: env.DOCKER_CONTEXT ? 'DOCKER_CONTEXT' : `docker’s current context (${context})`,
      },
    ]
  // Podman's own variable.
  if (env.CONTAINER_HOST) {
    const endpoint = { host: env.CONTAINER_HOST }
    return [{ source: 'CONTAINER_HOST', endpoint, chosenBy: 'CONTAINER_HOST' }]
  }
  return usualSockets(search)
}

/** Undefined where what is named is no address. */
async function connect(candidate: Candidate, search: EngineSearch): Promise<Engine | undefined> {
  const { endpoint, source } = candidate
  if (!isAddress(endpoint.host)) return undefined
  const bridge = endpoint.host.startsWith('ssh://') ? await openSshBridge(endpoint.host) : undefined
  const docker = new Docker(bridge ? socketOptions(bridge.socketPath) : connectionOptions(endpoint))
  limitCalls(docker)
  if (search.onDockerCall) countCalls(docker, search.onDockerCall)
  return { docker, source, address: endpoint.host, close: () => bridge?.close() }
}

function isAddress(host: string): boolean {
  return /^(unix|npipe):\/\//.test(host) || URL.canParse(host.includes('://') ? host : `tcp://${host}`)
}

// docker-modem fills what is left out from process.env: every field is named, so that none is.
function socketOptions(socketPath: string | undefined): Docker.DockerOptions {
  const none = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined }
  return { ...none, timeout: undefined, protocol: 'http', socketPath } as unknown as Docker.DockerOptions
}

function connectionOptions(endpoint: Endpoint): Docker.DockerOptions {
  const { host, tls } = endpoint
  if (host.startsWith('unix://')) return socketOptions(host.slice('unix://'.length))
  if (host.startsWith('npipe://')) return socketOptions(host.slice('npipe://'.length))
  const url = new URL(host.includes('://') ? host : `tcp://${host}`)
  return {
    ...socketOptions(undefined),
    host: url.hostname,
    port: Number(url.port || (tls ? 2376 : 2375)),
    protocol: tls || url.protocol === 'https:' ? 'https' : 'http',
    ...tls,
  } as Docker.DockerOptions
}

interface Call {
  readonly method: string
  readonly path: string
  readonly isStream?: boolean
}

interface Modem {
  dial(options: Call, callback: (error: unknown, answer?: unknown) => void): void
}

/** More than any call takes that does not stream; an engine may answer pings, and not one that concerns a stuck container. */
export const longestCallMs = 300_000

/** A call that is never answered ends as a connection that timed out. */
export function limitCalls(docker: Docker, limitMs: number = longestCallMs): void {
  const modem = docker.modem as Modem
  const dial = modem.dial.bind(modem)
  modem.dial = (options, callback) => {
    if (options.isStream === true) return dial(options, callback)
    let over = false
    const once = (error: unknown, answer?: unknown): void => {
      clearTimeout(timer)
      if (!over) callback(error, answer)
      over = true
    }
    const what = `${options.method} ${options.path.split('?')[0]}`
    const late = (): void =>
      once(Object.assign(new Error(`the engine did not answer ${what}`), { code: 'ETIMEDOUT' }))
    const timer = setTimeout(late, limitMs).unref()
    dial(options, once)
  }
}

function countCalls(docker: Docker, onDockerCall: (name: string) => void): void {
  const modem = docker.modem as Modem
  const dial = modem.dial.bind(modem)
  modem.dial = (options, callback) => {
    onDockerCall(`${options.method} ${options.path.split('?')[0]}`)
    dial(options, callback)
  }
}

async function answers(docker: Docker): Promise<boolean> {
  try {
    const silence = delay(PING_TIMEOUT_MS, false, { ref: false })
    return await Promise.race([docker.ping().then(() => true), silence])
  } catch {
    return false
  }
}
