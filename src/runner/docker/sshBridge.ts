import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { scratchFolder } from '../scratch.ts'

export interface SshBridge {
  readonly socketPath: string
  readonly close: () => void
}

/**
 * A private local socket whose connections go through the user's own `ssh` to `docker system
 * dial-stdio`, as the Docker CLI does it: known hosts, agent and configuration are then ssh's.
 */
export async function openSshBridge(address: string): Promise<SshBridge> {
  const folder = await scratchFolder('ssh')
  const windows = process.platform === 'win32'
  const socketPath = windows ? `\\\\.\\pipe\\${folder.replaceAll('\\', '-')}` : join(folder, 's')
  const server = createServer((socket) => dial(address, socket))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  server.on('error', () => {})
  server.unref()
  const close = () => {
    server.close()
    void rm(folder, { recursive: true, force: true })
  }
  return { socketPath, close }
}

function dial(address: string, socket: Socket): void {
  const url = new URL(address)
  const port = url.port ? ['-p', url.port] : []
  const target = url.username ? `${decodeURIComponent(url.username)}@${url.hostname}` : url.hostname
  const ssh = spawn('ssh', ['-T', ...port, '--', target, remoteCommand(url.pathname)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const end = () => {
    socket.destroy()
    ssh.kill()
  }
  ssh.on('error', end).once('exit', end)
  socket.on('error', end).once('close', end)
  ssh.stdin.on('error', end)
  ssh.stdout.on('error', end)
  socket.pipe(ssh.stdin)
  ssh.stdout.pipe(socket)
}

/** Either program speaks for its engine; a path after the host is that of the socket there, as both command lines have it. */
function remoteCommand(path: string): string {
  // Only what no shell reads as anything but itself.
  const socket = /^\/[\w./-]+$/.test(path) ? `unix://${path}` : undefined
  const docker = `docker${socket === undefined ? '' : ` --host ${socket}`} system dial-stdio`
  const podman = `podman${socket === undefined ? '' : ` --url ${socket}`} system dial-stdio`
  return `sh -c 'if command -v docker > /dev/null; then exec ${docker}; else exec ${podman}; fi'`
}
