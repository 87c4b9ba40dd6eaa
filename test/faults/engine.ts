import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Docker from 'dockerode'
import { execa } from 'execa'
import type { ImageNeed } from '../../src/runner/docker/sandbox.ts'
import { engineSocket } from '../support/leftovers.ts'
import { testSandbox } from '../support/sandbox.ts'

/** The engine that sessions run on. */
export interface CampaignEngine extends AsyncDisposable {
  readonly socket: string
  readonly docker: Docker
  /** Undefined where the engine is everybody's: then nobody does anything to it. */
  readonly own?: OwnEngine
}

/** An engine of the campaign's own, which may be killed. */
export interface OwnEngine {
  kill(): Promise<void>
  pause(ms: number): Promise<void>
  /** Ends it in an orderly way. */
  end(): Promise<void>
  start(): Promise<void>
  /** Takes all room of its disk; gives it back when disposed. */
  fill(): Promise<AsyncDisposable>
}

export function sharedEngine(): CampaignEngine {
  const docker = new Docker({ socketPath: engineSocket })
  return { socket: engineSocket, docker, [Symbol.asyncDispose]: async () => {} }
}

const diskMb = 9000

/**
 * A second engine: a network namespace, a disk, a socket and a containerd of its own, with the images that a session
 * needs. Needs root.
 */
export async function ownEngine(folder: string): Promise<CampaignEngine> {
  const places = {
    image: join(folder, 'engine.img'),
    data: join(folder, 'engine'),
    run: join('/run', `drydock-faults-${process.pid}`),
  }
  const socket = join(places.run, 'docker.sock')
  await mkdir(places.data, { recursive: true })
  await mkdir(places.run, { recursive: true })
  if (!existsSync(places.image)) {
    await execa('truncate', ['-s', `${diskMb}M`, places.image])
    await execa('mkfs.ext4', ['-q', '-m', '0', places.image])
  }
  await execa('mount', ['-o', 'loop', places.image, places.data])
  const daemon = daemonAt(places, socket)
  await daemon.start()
  const docker = new Docker({ socketPath: socket })
  await loadImages(docker, socket)
  return {
    socket,
    docker,
    own: daemon,
    async [Symbol.asyncDispose]() {
      await daemon.end()
      await daemon.endContainerd()
      await execa('umount', ['--recursive', places.data], { reject: false })
      await rm(places.run, { recursive: true, force: true })
    },
  }
}

interface Places {
  readonly data: string
  readonly run: string
}

/** A program that runs until it is ended, with its log beside the engine's disk. */
function daemon(data: string, program: string, args: () => readonly string[]) {
  let child: ChildProcess | undefined
  return {
    running: () => child,
    start() {
      const log = openSync(`${data}.log`, 'a')
      child = spawn(program, [...args()], { stdio: ['ignore', log, log] })
      return child
    },
    async end(signal: NodeJS.Signals) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill(signal)
      await exited
    },
  }
}

function daemonAt({ data, run }: Places, socket: string): OwnEngine & { endContainerd(): Promise<void> } {
  const address = join(run, 'containerd.sock')
  // Of its own, as most installations have it: it outlives an engine that is killed.
  const containerd = daemon(data, 'containerd', () => {
    const places = ['--root', join(data, 'containerd'), '--state', join(run, 'containerd')]
    return ['--address', address, ...places, '--log-level', 'warn']
  })
  const engine = daemon(data, 'unshare', () => {
    const args = ['--net', 'dockerd', '--host', `unix://${socket}`, '--data-root', join(data, 'docker')]
    const places = ['--exec-root', join(run, 'exec'), '--pidfile', join(run, 'docker.pid')]
    const network = ['--bridge', 'none', '--iptables=false', '--ip-masq=false']
    return [...args, ...places, ...network, '--containerd', address, '--log-level', 'warn']
  })
  return {
    kill: () => engine.end('SIGKILL'),
    end: () => engine.end('SIGTERM'),
    async pause(ms) {
      engine.running()?.kill('SIGSTOP')
      await delay(ms)
      engine.running()?.kill('SIGCONT')
    },
    async start() {
      if (containerd.running() === undefined) containerd.start()
      await rm(join(run, 'docker.pid'), { force: true })
      await answering(socket, engine.start())
    },
    endContainerd: () => containerd.end('SIGTERM'),
    async fill() {
      const filler = join(data, 'filler')
      const { stdout } = await execa('df', ['--output=avail', '-B1', data])
      await execa('fallocate', ['-l', stdout.split('\n')[1]?.trim() ?? '0', filler], { reject: false })
      // What fallocate could not have is taken in small pieces.
      await execa('sh', ['-c', `cat /dev/zero >> "$1"`, 'sh', filler], { reject: false })
      return { [Symbol.asyncDispose]: () => rm(filler, { force: true }) }
    },
  }
}

async function answering(socket: string, child: ChildProcess): Promise<void> {
  const docker = new Docker({ socketPath: socket })
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the engine ended with ${child.exitCode}: see engine.log`)
    if (
      await docker.ping().then(
        () => true,
        () => false,
      )
    )
      return
    await delay(100)
  }
  throw new Error('the engine does not answer')
}

/** The images that a session of the campaign needs, built on the machine's engine, carried over where they are missing. */
async function loadImages(docker: Docker, socket: string): Promise<void> {
  await using box = await testSandbox()
  const needs: readonly ImageNeed[] = [{ kind: 'node', major: 24 }, { kind: 'agent' }]
  const wanted: string[] = []
  for (const need of needs) {
    const { id, digest } = await box.image(need)
    for (const one of [id, digest]) {
      const [tag] = (await box.engine.docker.getImage(one).inspect()).RepoTags
      if (tag !== undefined) wanted.push(tag)
    }
  }
  const known = new Set((await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []))
  const missing = wanted.filter((tag) => !known.has(tag))
  if (missing.length === 0) return
  const save = execa('docker', ['-H', `unix://${engineSocket}`, 'save', ...missing], { buffer: false })
  await save.pipe('docker', ['-H', `unix://${socket}`, 'load'])
}
