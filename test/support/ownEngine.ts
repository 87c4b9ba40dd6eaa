import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Docker from 'dockerode'
import { execa } from 'execa'

export interface OwnEngine extends AsyncDisposable {
  readonly socket: string
  readonly docker: Docker
}

/** Whether `ownEngine` can be had: it needs root, and Docker's own programs. */
export async function canOwnEngine(): Promise<boolean> {
  const found = await execa('sh', ['-c', 'command -v dockerd && command -v unshare'], { reject: false })
  return process.getuid?.() === 0 && found.exitCode === 0
}

/** An empty engine in a network namespace of its own, for what nobody may do to the machine's: nothing is built on it. */
export async function ownEngine(): Promise<OwnEngine> {
  // Sockets have short paths.
  const folder = await mkdtemp('/var/tmp/dd-engine-')
  const socket = join(folder, 'd.sock')
  const data = join(folder, 'data')
  await mkdir(data)
  const own = ['--data-root', data, '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid')]
  const network = ['--bridge', 'none', '--iptables=false', '--ip-masq=false']
  const log = openSync(join(folder, 'log'), 'a')
  const child = spawn('unshare', ['--net', 'dockerd', '--host', `unix://${socket}`, ...own, ...network], {
    stdio: ['ignore', log, log],
  })
  const docker = new Docker({ socketPath: socket })
  while (!(await answers(docker))) {
    if (child.exitCode !== null) throw new Error(`the engine ended: see ${join(folder, 'log')}`)
    await delay(50)
  }
  return {
    socket,
    docker,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(docker: Docker): Promise<boolean> {
  return await docker.ping().then(
    () => true,
    () => false,
  )
}
