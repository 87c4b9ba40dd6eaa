import type { Container, ContainerSpec, Image, Sandbox } from './sandbox.ts'

/** A line of /proc/self/mountinfo. */
export interface Mount {
  readonly point: string
  readonly type: string
  /** Which part of the file system is mounted; `/` is the whole. */
  readonly root: string
  readonly writable: boolean
}

/** What a container sees of its own confinement. */
export interface InsideView {
  readonly noNewPrivileges: boolean
  readonly noCapabilities: boolean
  readonly seccomp: boolean
  readonly unprivilegedUser: boolean
  /** By a profile of AppArmor or a label of SELinux; undefined where the kernel has neither. */
  readonly confined: boolean | undefined
  readonly interfaces: readonly string[]
  /** Folders in which a file could be made. */
  readonly writable: readonly string[]
  readonly mounts: readonly Mount[]
  /** Kinds of namespaces that two containers have in common, or that are the machine's first ones. */
  readonly sharedNamespaces: readonly string[]
  /** Size of the file system under the workspace. */
  readonly workspaceBytes: number
  readonly workspaceInodes: number
  readonly tmpInodes: number
}

/** What two containers are asked: the one on a workspace both, the other its namespaces alone. */
export const NAMESPACES = `for kind in cgroup ipc mnt net pid uts; do echo "namespace=$(readlink /proc/self/ns/$kind)"; done`

/** Folders are looked for on what is mounted writable alone: nothing can be made on the rest. */
export const SCRIPT = `
sed -n 's/^\\(NoNewPrivs\\|Cap[A-Z][a-z]*\\|Seccomp\\|Uid\\):[[:space:]]*/\\1=/p' /proc/self/status
ls /sys/class/net | sed 's/^/net=/'
stat -f -c 'blocks=%b blockSize=%S inodes=%c' /workspace | tr ' ' '\\n'
stat -f -c 'tmpInodes=%c' /tmp
echo "label=$(cat /proc/self/attr/current 2>/dev/null | tr -d '\\0')"
sed 's/^/mount=/' /proc/self/mountinfo
${NAMESPACES}
while read -r id parent device root point options rest; do
  case "$point" in /proc|/proc/*) continue;; esac
  case ",$options," in *,rw,*) find "$(printf '%b' "$point")" -xdev -type d -writable -print 2>/dev/null;; esac
done < /proc/self/mountinfo | sort -u | while read -r folder; do
  if touch "$folder/.drydock" 2>/dev/null; then echo "writable=$folder"; rm "$folder/.drydock"; fi
done`

/**
 * Runs the image's own programs in a project container on a workspace, and tells what they saw. The image is one that
 * `sandbox` gave.
 */
export async function probeInside(sandbox: Sandbox, image: Image): Promise<InsideView> {
  const started: Promise<Container>[] = []
  const start = (spec: Pick<ContainerSpec, 'cwd' | 'workspace'>): Promise<Container> => {
    const container = sandbox.start({ kind: 'project', image, ...spec })
    started.push(container)
    return container
  }
  const other = start({ cwd: '/' })
  // Awaited below, beside the one that waits for its workspace.
  other.catch(() => undefined)
  const volume = await sandbox.createVolume()
  const workspace = await sandbox.workspace({ volume, key: 'probe' })
  try {
    const inside = start({ workspace })
    const [told, beside] = await Promise.all([
      inside.then((container) => run(container, SCRIPT)),
      other.then((container) => run(container, NAMESPACES)),
    ])
    return readView(told, beside)
  } finally {
    const ended = await Promise.allSettled(started)
    await Promise.all(ended.map((one) => (one.status === 'fulfilled' ? one.value.remove() : undefined)))
    await workspace.dispose()
    await sandbox.removeVolume(volume)
  }
}

async function run(container: Container, script: string): Promise<string> {
  const options = { timeoutMs: 60_000, maxOutputBytes: 256 * 1024 }
  return (await container.exec(['/bin/sh', '-c', script], options)).output.toString()
}

/** What the two containers printed, read; exported for its test. */
export function readView(text: string, beside: string): InsideView {
  const all = valuesIn(text)
  const first = (name: string) => all(name)[0] ?? ''
  const others = new Set(valuesIn(beside)('namespace'))
  const shared = all('namespace').filter((name) => others.has(name) || firstOfMachine.has(name))
  return {
    noNewPrivileges: first('NoNewPrivs') === '1',
    noCapabilities: ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].every((set) =>
      /^0+$/.test(first(set)),
    ),
    seccomp: first('Seccomp') === '2',
    unprivilegedUser: /^[1-9]\d*\s/.test(first('Uid')),
    confined: first('label') === '' ? undefined : !/^unconfined|:spc_t:|^kernel$/.test(first('label')),
    interfaces: all('net'),
    writable: all('writable').sort(),
    mounts: all('mount').flatMap((line) => readMount(line) ?? []),
    // One that nobody could read is nobody's proof.
    sharedNamespaces: others.size < kinds ? all('namespace').map(kindOf) : shared.map(kindOf),
    workspaceBytes: Number(first('blocks')) * Number(first('blockSize')),
    workspaceInodes: Number(first('inodes')),
    tmpInodes: Number(first('tmpInodes')),
  }
}

const kinds = 6
/** Numbers of the namespaces that a machine starts with: `PROC_*_INIT_INO` of Linux. */
const firstOfMachine = new Set([
  'cgroup:[4026531835]',
  'ipc:[4026531839]',
  'pid:[4026531836]',
  'uts:[4026531838]',
])

const kindOf = (namespace: string) => namespace.split(':', 1)[0] ?? namespace

function valuesIn(text: string): (name: string) => readonly string[] & string[] {
  const lines = text.split('\n').map((line) => {
    const at = line.indexOf('=')
    return [line.slice(0, Math.max(at, 0)), line.slice(at + 1)] as const
  })
  return (name) => lines.flatMap(([key, value]) => (key === name && value ? [value] : []))
}

/** Proc's manual: id, parent, device, root, point, options, optional fields, a dash, type. */
function readMount(line: string): Mount | undefined {
  const [before = '', after = ''] = line.split(' - ')
  const [, , , root, point, options] = before.split(' ')
  const type = after.split(' ', 1)[0]
  if (root === undefined || point === undefined || options === undefined || !type) return undefined
  return { point, type, root, writable: options.split(',').includes('rw') }
}
