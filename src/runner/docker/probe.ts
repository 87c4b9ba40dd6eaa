import type { Image, Sandbox } from './sandbox.ts'

/** What a container sees of its own cage. */
export interface InsideView {
  readonly noNewPrivileges: boolean
  readonly noCapabilities: boolean
  readonly seccomp: boolean
  readonly unprivilegedUser: boolean
  readonly interfaces: readonly string[]
  /** Folders in which a file could be made. */
  readonly writable: readonly string[]
  /** Size of the file system under the workspace. */
  readonly workspaceBytes: number
  readonly workspaceInodes: number
}

const SCRIPT = `
sed -n 's/^\\(NoNewPrivs\\|CapEff\\|CapBnd\\|Seccomp\\|Uid\\):[[:space:]]*/\\1=/p' /proc/self/status
ls /sys/class/net | sed 's/^/net=/'
stat -f -c 'blocks=%b blockSize=%S inodes=%c' /workspace | tr ' ' '\\n'
find / -path /proc -prune -o -type d -writable -print 2>/dev/null | while read -r folder; do
  if touch "$folder/.drydock" 2>/dev/null; then echo "writable=$folder"; rm "$folder/.drydock"; fi
done`

/**
 * Runs the image's own programs in a project container on a workspace, and tells what they saw. The image is one that
 * `sandbox` gave.
 */
export async function probeInside(sandbox: Sandbox, image: Image): Promise<InsideView> {
  const volume = await sandbox.createVolume()
  const workspace = await sandbox.workspace({ volume, key: 'probe' })
  const container = await sandbox.start({ kind: 'project', image, workspace })
  try {
    const options = { timeoutMs: 60_000, maxOutputBytes: 64 * 1024 }
    const { output } = await container.exec(['/bin/sh', '-c', SCRIPT], options)
    return readView(output.toString())
  } finally {
    await container.remove()
    await workspace.dispose()
    await sandbox.removeVolume(volume)
  }
}

function readView(text: string): InsideView {
  const lines = text.split('\n').map((line) => line.split('=', 2))
  const all = (name: string) => lines.flatMap(([key, value]) => (key === name && value ? [value] : []))
  const first = (name: string) => all(name)[0] ?? ''
  return {
    noNewPrivileges: first('NoNewPrivs') === '1',
    noCapabilities: /^0+$/.test(first('CapEff')) && /^0+$/.test(first('CapBnd')),
    seccomp: first('Seccomp') === '2',
    unprivilegedUser: /^[1-9]\d*\s/.test(first('Uid')),
    interfaces: all('net'),
    writable: all('writable').sort(),
    workspaceBytes: Number(first('blocks')) * Number(first('blockSize')),
    workspaceInodes: Number(first('inodes')),
  }
}
