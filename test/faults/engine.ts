import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Docker from 'dockerode'
import { execa } from 'execa'
import type { ImageNeed } from '../../src/runner/toolchains/need.ts'
import { engineSocket } from '../support/leftovers.ts'
import { testSandbox } from '../support/sandbox.ts'
import { jumps, type Manager } from './choice.ts'
import { type ContainerClock, containerClock } from './clock.ts'

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
  /** Takes all room of its volumes, or of what holds its images and containers; gives it back when disposed. */
  fill(disk: 'volumes' | 'images'): Promise<AsyncDisposable>
  /** Until it is disposed of, containers start with a clock that can be set. */
  ownClock(): Promise<AsyncDisposable>
  /** How far that clock is from the true time, s. */
  setClock(seconds: number): Promise<void>
}

export function sharedEngine(): CampaignEngine {
  const docker = new Docker({ socketPath: engineSocket })
  return { socket: engineSocket, docker, [Symbol.asyncDispose]: async () => {} }
}

const imagesMb = 9000
const volumesMb = 4000

/**
 * A second engine: a network namespace, two disks, a socket and a containerd of its own, with the images that sessions
 * of these managers need. Needs root.
 */
export async function ownEngine(folder: string, managers: ReadonlySet<Manager>): Promise<CampaignEngine> {
  const places = {
    data: join(folder, 'engine'),
    run: join('/run', `drydock-faults-${process.pid}`),
  }
  const socket = join(places.run, 'docker.sock')
  await mkdir(places.run, { recursive: true })
  await mountDisk(join(folder, 'engine.img'), places.data, imagesMb)
  await mountDisk(join(folder, 'volumes.img'), volumesOf(places), volumesMb)
  const clock = await containerClock(join(places.run, 'clock'))
  const daemon = daemonAt(places, socket, clock)
  await daemon.start()
  const [images, volumes] = [await stat(places.data), await stat(volumesOf(places))]
  if (images.dev === volumes.dev) throw new Error('the engine has its volumes on the disk of its images')
  const docker = new Docker({ socketPath: socket })
  await loadImages(docker, socket, managers)
  await seenToJump(docker, socket, clock)
  return {
    socket,
    docker,
    own: daemon,
    async [Symbol.asyncDispose]() {
      await daemon.end()
      await daemon.endContainerd()
      await execa('umount', ['--recursive', places.data])
      await rm(places.run, { recursive: true, force: true })
    },
  }
}

interface Places {
  /** The engine's data root: a mount, for what is none the engine mounts over itself, and would hide the volumes' disk. */
  readonly data: string
  readonly run: string
}

const volumesOf = ({ data }: Pick<Places, 'data'>): string => join(data, 'volumes')

/** A file as a disk; what it holds outlives the campaign. */
async function mountDisk(file: string, folder: string, megabytes: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  if (!existsSync(file)) {
    await execa('truncate', ['-s', `${megabytes}M`, file])
    await execa('mkfs.ext4', ['-q', '-m', '0', file])
  }
  await execa('mount', ['-o', 'loop', file, folder])
  // The engine would take it for a volume.
  await rm(join(folder, 'lost+found'), { recursive: true, force: true })
}

/** A program that runs until it is ended, with its log beside the engine's disk. */
function daemon(data: string, bin: string, program: string, args: () => readonly string[]) {
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` }
  let child: ChildProcess | undefined
  return {
    running: () => child,
    start() {
      const log = openSync(`${data}.log`, 'a')
      child = spawn(program, [...args()], { env, stdio: ['ignore', log, log] })
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

function daemonAt(
  places: Places,
  socket: string,
  clock: ContainerClock,
): OwnEngine & { endContainerd(): Promise<void> } {
  const { data, run } = places
  const address = join(run, 'containerd.sock')
  // Of its own, as most installations have it: it outlives an engine that is killed.
  const containerd = daemon(data, clock.bin, 'containerd', () => {
    const own = ['--root', join(data, 'own-containerd'), '--state', join(run, 'containerd')]
    return ['--address', address, ...own, '--log-level', 'warn']
  })
  const engine = daemon(data, clock.bin, 'unshare', () => {
    const args = ['--net', 'dockerd', '--host', `unix://${socket}`, '--data-root', data]
    const own = ['--exec-root', join(run, 'exec'), '--pidfile', join(run, 'docker.pid')]
    const network = ['--bridge', 'none', '--iptables=false', '--ip-masq=false']
    return [...args, ...own, ...network, '--containerd', address, '--log-level', 'warn']
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
    ownClock: () => clock.setUp(),
    setClock: (seconds) => clock.set(seconds),
    async fill(disk) {
      const place = disk === 'volumes' ? volumesOf(places) : data
      const filler = join(place, 'filler')
      const { stdout } = await execa('df', ['--output=avail', '-B1', place])
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

/** A clock that does not jump would let every seed of its kind hold. */
async function seenToJump(docker: Docker, socket: string, clock: ContainerClock): Promise<void> {
  await using _set = await clock.setUp()
  await clock.set(jumps['years back'])
  const image = (await docker.listImages()).find(({ RepoTags }) => RepoTags?.[0]?.includes('node-'))
  const run = ['run', '--rm', '--network=none', '--entrypoint=date', image?.Id ?? '', '+%s']
  const { stdout } = await execa('docker', ['-H', `unix://${socket}`, ...run])
  const off = Math.abs(Date.now() / 1000 + jumps['years back'] - Number(stdout))
  if (!(off < 60)) throw new Error(`the clock of a container is ${off} s off what it was set to`)
}

/** The images that a session of the campaign needs, built on the machine's engine, carried over where they are missing. */
async function loadImages(docker: Docker, socket: string, managers: ReadonlySet<Manager>): Promise<void> {
  await using box = await testSandbox()
  const needs: readonly ImageNeed[] = [
    { kind: 'node', major: 24 },
    { kind: 'agent' },
    ...(managers.has('maven') ? [{ kind: 'jdk', major: 17 } as const] : []),
  ]
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
