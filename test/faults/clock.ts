import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { engineSocket } from '../support/leftovers.ts'
import { testSandbox } from '../support/sandbox.ts'

/** The clock of all containers of an engine: what starts while it is set up sees it jump while it runs (libfaketime(1)). */
export interface ContainerClock {
  /** Where the engine finds the `runc` that sets clocks up. */
  readonly bin: string
  setUp(): Promise<AsyncDisposable>
  /** How far it is from the true time, s. */
  set(seconds: number): Promise<void>
}

/** Where containers find what is at `folder/shared`. */
const inside = '/mnt/clock'
const variables = {
  LD_PRELOAD: `${inside}/faketime.so`,
  FAKETIME_TIMESTAMP_FILE: `${inside}/offset`,
  // s: by then a process that runs has seen a jump.
  FAKETIME_CACHE_DURATION: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  DONT_FAKE_MONOTONIC: '1',
  NO_FAKE_STAT: '1',
  FAKETIME_DISABLE_SHM: '1',
} as const

export async function containerClock(folder: string): Promise<ContainerClock> {
  const [bin, shared, isSetUp] = ['bin', 'shared', 'set-up'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const one of [bin, shared]) await mkdir(one, { recursive: true })
  const runc = join(bin, 'runc')
  const { stdout: real } = await execa('sh', ['-c', 'command -v runc'])
  await writeFile(runc, wrapper(real, shared, isSetUp))
  await chmod(runc, 0o755)
  const set = (seconds: number) => writeFile(join(shared, 'offset'), `${seconds < 0 ? '' : '+'}${seconds}\n`)
  await set(0)
  return {
    bin,
    set,
    async setUp() {
      await takeLibrary(join(shared, 'faketime.so'))
      await writeFile(isSetUp, '')
      return {
        [Symbol.asyncDispose]: async () => {
          await set(0)
          await rm(isSetUp)
        },
      }
    },
  }
}

/** From an image whose clock can be set; taken from the engine of the machine, once. */
async function takeLibrary(to: string): Promise<void> {
  await using box = await testSandbox()
  const { id } = await box.image({ kind: 'node', major: 22, clock: true })
  const docker = (...args: readonly string[]) => execa('docker', ['-H', `unix://${engineSocket}`, ...args])
  const { stdout: container } = await docker('create', id)
  await docker('cp', '--follow-link', `${container}:/usr/local/lib/drydock-clock.so`, to)
  await docker('rm', container)
}

/**
 * Stands between an engine and runc, and lays library and variables into what is about to start: no program of ours
 * knows of it, and `docker inspect` does not show it.
 */
function wrapper(runc: string, shared: string, isSetUp: string): string {
  const environment = Object.entries(variables).map(([name, value]) => `"${name}=${value}",`)
  const mount = {
    ...{ destination: inside, source: shared, type: 'bind' },
    options: ['bind', 'ro', 'nosuid', 'nodev'],
  }
  const edit = (file: string) =>
    `sed -i '0,/"env":\\[/s|"env":\\[|&${environment.join('')}|; 0,/"mounts":\\[/s|"mounts":\\[|&${JSON.stringify(mount)},|' "${file}"`
  return `#!/bin/sh
if [ -e '${isSetUp}' ]; then
  before=
  for word; do
    case $before in
      --bundle) ${edit('$word/config.json')} ;;
      --process) ${edit('$word')} ;;
    esac
    before=$word
  done
fi
exec ${runc} "$@"
`
}
