import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import tar from 'tar-stream'
import { Settings } from '../../../src/contract/settings.ts'
import { missingProtections } from '../../../src/runner/docker/asserted.ts'
import { streamExec } from '../../../src/runner/docker/exec.ts'
import { asRunning, heldStill, pause, removeContainer } from '../../../src/runner/docker/running.ts'
import type { Container, Image } from '../../../src/runner/docker/sandbox.ts'
import { seccompProfile } from '../../../src/runner/docker/seccomp.ts'
import { type TestSandbox, testSandbox } from '../../support/sandbox.ts'

const OPTIONS = { timeoutMs: 60_000, maxOutputBytes: 100_000 }

describe('container', () => {
  let box: TestSandbox
  let image: Image
  before(async () => {
    box = await testSandbox({ memoryMb: 256, pids: 64 })
    image = await box.image()
  })
  after(() => box[Symbol.asyncDispose]())

  const using = async (work: (container: Container) => Promise<void>) => {
    const volume = await box.sandbox.createVolume()
    const container = await box.sandbox.start({ kind: 'project', image, workspace: { unsealed: volume } })
    try {
      await work(container)
    } finally {
      await container.remove()
      await box.sandbox.removeVolume(volume)
    }
  }
  const shell = async (container: Container, script: string) => {
    const result = await container.exec(['sh', '-c', script], OPTIONS)
    return { ...result, text: result.output.toString() }
  }
  /** The watch over its disk is a command, too: one that is on its way when a container is held still never begins. */
  const begun = async (id: string): Promise<void> => {
    const { ExecIDs } = await box.engine.docker.getContainer(id).inspect()
    const execs = (ExecIDs ?? []).map((one) => box.engine.docker.getExec(one))
    const states = await Promise.all(execs.map((one) => one.inspect()))
    if (states.length > 0 && states.every(({ Pid, ExitCode }) => Pid > 0 || ExitCode !== null)) return
    await delay(50)
    await begun(id)
  }
  const exists = async (id: string) =>
    box.engine.docker
      .getContainer(id)
      .inspect()
      .then(
        () => true,
        () => false,
      )

  it('has every protection, by inspect', () =>
    using(async ({ id }) => {
      const made = await box.engine.docker.getContainer(id).inspect()
      const { HostConfig: host, Config: config, Mounts: mounts } = made
      const limits = Settings.parse({ memoryMb: 256, pids: 64 })
      assert.deepEqual(missingProtections(made, limits, box.abilities), [])
      assert.equal(host.ReadonlyRootfs, true)
      assert.equal(host.NetworkMode, 'none')
      assert.equal(config.User, '1000:1000')
      assert.equal(host.PidsLimit, 64)
      assert.equal(host.Memory, 256 * 1024 * 1024)
      assert.equal(host.MemorySwap, host.Memory)
      assert.equal(host.LogConfig?.Type, 'none')
      assert.equal(host.Privileged, false)
      // Podman has words of its own for these.
      if (box.abilities.dialect === 'docker') {
        assert.deepEqual(host.CapDrop, ['ALL'])
        assert.deepEqual(host.SecurityOpt, ['no-new-privileges:true', `seccomp=${seccompProfile}`])
        assert.equal(host.Binds, null)
      }
      assert.equal(config.Labels['drydock.session'], box.sessionId)
      assert.deepEqual(
        mounts.map(({ Type }) => Type),
        ['volume'],
      )
    }))

  it('has every protection, seen from inside', () =>
    using(async (container) => {
      const { text: status } = await shell(container, 'cat /proc/self/status')
      assert.match(status, /^NoNewPrivs:\t1$/m)
      assert.match(status, /^CapEff:\t0+$/m)
      assert.match(status, /^CapBnd:\t0+$/m)
      assert.match(status, /^Seccomp:\t2$/m)
      assert.match(status, /^Uid:\t1000\t1000\t1000\t1000$/m)
      const { text: interfaces } = await shell(container, 'ls /sys/class/net')
      assert.equal(interfaces, 'lo\n')
      const { exitCode: dial } = await shell(container, 'exec 3<>/dev/tcp/172.17.0.1/80')
      assert.notEqual(dial, 0)
      const { text: names } = await shell(container, 'getent hosts "$(hostname)" ::1 | wc -l')
      assert.equal(names, '2\n')
    }))

  it('has no writable folder but /workspace and /tmp', () =>
    using(async (container) => {
      const script = `find / -path /proc -prune -o -type d -writable -print 2>/dev/null | while read -r d; do
        if touch "$d/.w" 2>/dev/null; then echo "$d"; rm "$d/.w"; fi; done`
      const { text: writable } = await shell(container, script)
      assert.deepEqual(writable.trim().split('\n').sort(), ['/tmp', '/workspace'])
    }))

  it('gives exit code, and output in order', () =>
    using(async (container) => {
      const result = await shell(container, 'echo one; echo two >&2; echo three; exit 42')
      assert.equal(result.exitCode, 42)
      assert.equal(result.text, 'one\ntwo\nthree\n')
      assert.deepEqual([result.timedOut, result.cancelled, result.outOfMemory], [false, false, false])
      const missing = await container.exec(['/no/such/program'], OPTIONS)
      assert.notEqual(missing.exitCode, 0)
      const killed = await shell(container, 'kill -9 $$')
      assert.equal(killed.exitCode, 137)
      assert.equal(killed.outOfMemory, false)
    }))

  it('tells a command that failed from one that ended with its container', () =>
    using(async (container) => {
      const onOutput = () => void box.engine.docker.getContainer(container.id).kill()
      const gone = container.exec(['sh', '-c', 'echo go; exec sleep 60'], { ...OPTIONS, onOutput })
      await assert.rejects(gone, /^DrydockError: engine-refused: .*is not running/)
    }))

  it('waits with a command until the container is not held still any more', () =>
    using(async (container) => {
      const held = box.engine.docker.getContainer(container.id)
      await begun(container.id)
      await pause(held)
      const running = shell(container, 'echo on')
      setTimeout(() => void held.unpause(), 700)
      assert.equal((await running).text, 'on\n')
      await begun(container.id)
      await pause(held)
      const never = await container.exec(['true'], { ...OPTIONS, timeoutMs: 900 })
      assert.deepEqual([never.exitCode, never.timedOut], [null, true])
    }))

  it('is held still between commands alone', async () => {
    const options = { Image: image.id, Cmd: ['sleep', '120'], HostConfig: { NetworkMode: 'none' } }
    const made = await box.engine.docker.createContainer(options)
    await made.start()
    const running = asRunning(made)
    const ended: number[] = []
    for (let round = 0; round < 12; round += 1) {
      const exec = streamExec(running, ['true'], { timeoutMs: 20_000, cwd: '/' }, () => {})
      await delay(round * 10)
      await heldStill(running, async () => {
        ended.push((await made.inspect()).State.Paused ? 1 : 0)
      })
      assert.equal((await exec).exitCode, 0)
    }
    assert.deepEqual(ended, Array(12).fill(1))
    await removeContainer(made)
  })

  it('removes the container at a time-out', () =>
    using(async (container) => {
      const argv = ['sh', '-c', 'echo before; sleep 60']
      // Long enough for a busy machine to have started the command.
      const result = await container.exec(argv, { ...OPTIONS, timeoutMs: 2500 })
      assert.deepEqual([result.exitCode, result.timedOut, result.output.toString()], [null, true, 'before\n'])
      assert.ok(result.durationMs < 30_000)
      assert.equal((await container.exited).timedOut, true)
      assert.equal(await exists(container.id), false)
    }))

  it('removes the container when cancelled', () =>
    using(async (container) => {
      const abort = new AbortController()
      const onOutput = () => abort.abort()
      const result = await container.exec(['sh', '-c', 'echo go; sleep 60'], {
        ...OPTIONS,
        signal: abort.signal,
        onOutput,
      })
      assert.deepEqual([result.exitCode, result.cancelled, result.timedOut], [null, true, false])
      assert.equal(await exists(container.id), false)
    }))

  it('keeps head and tail of endless output, and writes no host log', () =>
    using(async (container) => {
      const options = { ...OPTIONS, timeoutMs: 4000, maxOutputBytes: 10_000 }
      const before = process.memoryUsage().rss
      const result = await container.exec(['sh', '-c', 'echo first; exec yes'], options)
      assert.equal(result.timedOut, true)
      assert.equal(result.truncated, true)
      assert.ok(result.output.length < 10_200)
      assert.match(result.output.toString(), /^first\ny\n(y\n)*y?\n… \d+ bytes left out …\n/)
      assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024)
    }))

  it('says when memory ran out', () =>
    using(async (container) => {
      const hog = ['node', '-e', 'const a = []; for (;;) a.push(Buffer.alloc(1e7, 1))']
      const result = await container.exec(hog, OPTIONS)
      assert.equal(result.exitCode, 137)
      assert.equal(result.outOfMemory, true)
    }))

  it('contains a fork bomb', () =>
    using(async (container) => {
      const result = await shell(container, 'for i in $(seq 200); do sleep 5 & done; wait')
      assert.match(result.text, /[Cc]annot fork|Resource temporarily unavailable/)
    }))

  it('reads regular files only, in the workspace and in /tmp', () =>
    using(async (container) => {
      await shell(
        container,
        'printf abcdef > f; printf t > /tmp/t; ln -s f link; mkfifo pipe; mkdir folder; printf "\\0\\377" > -n',
      )
      assert.equal((await container.readFile('/workspace/f', 100))?.toString(), 'abcdef')
      assert.equal((await container.readFile('/workspace/f', 3))?.toString(), 'abc')
      assert.equal((await container.readFile('/tmp/t', 3))?.toString(), 't')
      assert.deepEqual(await container.readFile('/workspace/-n', 3), Buffer.from([0, 255]))
      for (const name of ['link', 'pipe', 'folder', 'none']) {
        assert.equal(await container.readFile(`/workspace/${name}`, 100), undefined, name)
      }
    }))

  it('unpacks archives as the container’s user, folders that were left out too', () =>
    using(async (container) => {
      const archive = () => {
        const pack = tar.pack()
        pack.entry({ name: 'deep/er/file', mode: 0o755, uid: 0, gid: 0 }, 'x')
        pack.entry({ name: 'deep/link', type: 'symlink', linkname: 'er/file' })
        pack.finalize()
        return Readable.from(pack)
      }
      await container.putArchive('/workspace', archive())
      await container.putArchive('/tmp', archive())
      const list = 'find deep -printf "%p %U:%G %m\\n" | sort'
      const expected =
        'deep 1000:1000 755\ndeep/er 1000:1000 755\ndeep/er/file 1000:1000 755\ndeep/link 1000:1000 777\n'
      assert.equal((await shell(container, list)).text, expected)
      assert.equal((await shell(container, `cd /tmp && ${list}`)).text, expected)
    }))

  it('passes stdin and separates stdout from stderr for PID 1', async () => {
    const command = ['sh', '-c', 'cat; echo err >&2; exit 3']
    const container = await box.sandbox.start({ kind: 'install', image, command })
    container.stdin.end('hello')
    assert.equal(await text(container.stdout), 'hello')
    assert.equal(await text(container.stderr), 'err\n')
    const exit = await container.exited
    assert.deepEqual([exit.exitCode, exit.timedOut, exit.cancelled], [3, false, false])
    await container.remove()
  })

  it('is removed when its signal fires', async () => {
    const abort = new AbortController()
    const container = await box.sandbox.start({ kind: 'project', image }, abort.signal)
    abort.abort()
    const exit = await container.exited
    assert.deepEqual([exit.exitCode, exit.cancelled], [null, true])
    assert.equal(await exists(container.id), false)
  })
})
