import { spawn } from 'node:child_process'
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export interface GitHttpOptions {
  /** Folder of bare repositories: `owner/name.git` beneath it is `URL/owner/name.git`. */
  readonly root: string
  /** Demanded of every request where given. */
  readonly auth?: { readonly user: string; readonly password: string }
}

/** A git remote over HTTP on loopback: git's own http-backend behind Node's server. Pushes are allowed. */
export function gitHttpServer(options: GitHttpOptions): Server {
  return createServer((request, response) => {
    if (options.auth !== undefined && !authorised(request, options.auth)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('authentication required\n')
      return
    }
    backend(options.root, request, response)
  })
}

function authorised(
  request: IncomingMessage,
  { user, password }: { user: string; password: string },
): boolean {
  const wanted = Buffer.from(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`)
  const given = Buffer.from(request.headers.authorization ?? '')
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

/** One request through the CGI program. */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const child = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_ADDR: '127.0.0.1',
      REMOTE_USER: 'test',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.on('error', () => {}) // the program may answer before it has read everything
  request.pipe(child.stdin)
  let head = Buffer.alloc(0)
  const onHead = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    child.stdout.off('data', onHead)
    response.writeHead(...parseHead(head.toString('latin1', 0, end)))
    response.write(head.subarray(end + 4))
    child.stdout.pipe(response)
  }
  child.stdout.on('data', onHead)
  child.on('close', () => (response.headersSent ? response.end() : response.writeHead(500).end()))
}

function parseHead(text: string): [number, Record<string, string>] {
  const headers: Record<string, string> = {}
  let status = 200
  for (const line of text.split('\r\n')) {
    const [name = '', ...rest] = line.split(':')
    const value = rest.join(':').trim()
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10)
    else headers[name] = value
  }
  return [status, headers]
}
