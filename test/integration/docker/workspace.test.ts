import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { on } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Settings } from '../../../src/contract/settings.ts'
import type { Container, Image, SealedWorkspace, Workspace } from '../../../src/runner/docker/sandbox.ts'
import { evict, findSealed, removeVolume } from '../../../src/runner/docker/volumes.ts'
import { copiedWorkspace, type MountedWorkspace } from '../../../src/runner/docker/workspaces.ts'
import { type TestSandbox, testSandbox } from '../../support/sandbox.ts'

const OPTIONS = { timeoutMs: 120_000, maxOutputBytes: 100_000 }
const LIMITS = { workspaceMb: 64, workspaceInodes: 2000, memoryMb: 1024 }

interface EngineEvent {
  readonly Action: string
  readonly Actor: { readonly Attributes: { readonly name: string } }
  readonly timeNano: number
}

describe('workspace', () => {
  let box: TestSandbox
  let image: Image
  let sealed: SealedWorkspace
  const key = createHash('sha256').update(`test ${process.pid} ${Date.now()}`).digest('hex')

  // Other sessions on this engine have sealed workspaces too.
  const mine = (found: string) => found.startsWith(key)

  const shell = async (container: Container, script: string) => {
    const result = await container.exec(['sh', '-c', script], OPTIONS)
    return { ...result, text: result.output.toString() }
  }
  const onWorkspace = async (workspace: Workspace, work: (container: Container) => Promise<void>) => {
    const container = await box.sandbox.start({ kind: 'project', image, workspace })
    try {
      await work(container)
    } finally {
      await container.remove()
    }
  }
  const fresh = async (work: (container: Container) => Promise<void>) => {
    const workspace = await box.sandbox.workspace(sealed)
    await onWorkspace(workspace, work)
    await workspace.dispose()
  }
  const lowerListing = async () => {
    let listing = ''
    await fresh(async (container) => {
      const script = 'cd /run/drydock-lower && find . -type f -exec md5sum {} + | sort; find . | sort'
      listing = (await shell(container, script)).text
    })
    return listing
  }

  before(async () => {
    box = await testSandbox(LIMITS)
    image = await box.image()
    const volume = await box.sandbox.createVolume()
    const container = await box.sandbox.start({ kind: 'install', image, workspace: { unsealed: volume } })
    await shell(container, 'mkdir -p src/deep && echo one > src/deep/a && echo two > b && ln -s b c')
    await container.remove()
    sealed = await box.sandbox.seal(volume, key)
  })
  after(async () => {
    await box.sandbox.dispose()
    const { docker } = box.engine
    const marker = await docker.listVolumes({ filters: JSON.stringify({ label: [`drydock.key=${key}`] }) })
    for (const { Name } of marker.Volumes) await docker.getVolume(Name).remove()
    await removeVolume(docker, sealed.volume)
    box.engine.close()
  })

  it('leaves the sealed one untouched, and starts anew each time', async () => {
    const before = await lowerListing()
    await fresh(async (container) => {
      // Not `mv`, which copies where a rename is refused.
      const rename = `node -e 'fs.renameSync("src", "moved")'`
      const list = 'ls -A | sort | tr "\\n" " "; cat b'
      const script = `echo changed > b; rm src/deep/a; mkdir new; ${rename} && ${list}`
      const { text, exitCode } = await shell(container, script)
      assert.equal(text, 'b c moved new changed\n')
      assert.equal(exitCode, 0)
      const refused = await shell(container, 'echo x > /run/drydock-lower/b')
      assert.match(refused.text, /Read-only file system/)
    })
    await fresh(async (container) => {
      assert.equal((await shell(container, 'cat src/deep/a b')).text, 'one\ntwo\n')
    })
    assert.equal(await lowerListing(), before)
  })

  it('keeps changes from one container on it to the next', async () => {
    const workspace = await box.sandbox.workspace(sealed)
    await onWorkspace(workspace, async (container) => void (await shell(container, 'echo kept > k')))
    await onWorkspace(workspace, async (container) => {
      assert.equal((await shell(container, 'cat k')).text, 'kept\n')
    })
    await workspace.dispose()
  })

  it('has the next one prepared once a container runs, but lets an agent start first', async () => {
    const { docker } = box.engine
    const label = [`drydock.session=${box.sessionId}`]
    const events = await docker.getEvents({
      filters: { type: ['container'], event: ['create', 'start'], label },
    })
    const told = on(createInterface({ input: events as Readable }), 'line')
    const next = async (wanted: (event: EngineEvent & { readonly keeper: boolean }) => boolean) => {
      for (;;) {
        const event = JSON.parse(String((await told.next()).value)) as EngineEvent
        if (wanted({ ...event, keeper: event.Actor.Attributes.name.includes('-keeper-') })) return event
      }
    }
    /** Milliseconds, by the engine's own clock, from a container's start to the creation of the next one's keeper. */
    const gap = async (kind: 'project' | 'agent') => {
      const workspace = await box.sandbox.workspace(sealed)
      const container = await box.sandbox.start({ kind, image, workspace })
      const started = await next(({ Action, keeper }) => Action === 'start' && !keeper)
      const made = await next(({ Action, keeper }) => Action === 'create' && keeper)
      await container.remove()
      await workspace.dispose()
      return (made.timeNano - started.timeNano) / 1e6
    }
    try {
      assert.ok((await gap('project')) > 0)
      assert.ok((await gap('agent')) >= 2_000)
    } finally {
      ;(events as Readable).destroy()
    }
  })

  it('cannot lose its lower layer while mounted', () =>
    fresh(async () => {
      await assert.rejects(box.engine.docker.getVolume(sealed.volume).remove(), { statusCode: 409 })
    }))

  it('contains a disk bomb', () =>
    fresh(async (container) => {
      const { text, exitCode } = await shell(
        container,
        'dd if=/dev/zero of=bomb bs=1M count=500; stat -c %s bomb',
      )
      assert.match(text, /No space left on device/)
      assert.equal(exitCode, 0)
      assert.ok(Number(text.trim().split('\n').at(-1)) <= LIMITS.workspaceMb * 1024 * 1024)
    }))

  it('contains an inode bomb', () =>
    fresh(async (container) => {
      const script = '(i=0; while : > f$i; do i=$((i+1)); done) 2>/dev/null; ls -U | wc -l'
      const { text } = await shell(container, script)
      const files = Number(text.trim().split('\n').at(-1))
      assert.ok(files > 1000 && files <= LIMITS.workspaceInodes, `${files} files`)
    }))

  it('ends a container whose unsealed volume outgrows the disk limit', async () => {
    await using small = await testSandbox({ ...LIMITS, workspaceMb: 8 })
    await small.image()
    const volume = await small.sandbox.createVolume()
    const container = await small.sandbox.start({ kind: 'install', image, workspace: { unsealed: volume } })
    const bomb = 'i=0; while dd if=/dev/zero of=f$i bs=1M count=20 conv=fsync; do i=$((i+1)); sleep 0.2; done'
    const result = await container.exec(['sh', '-c', bomb], OPTIONS)
    assert.deepEqual([result.exitCode, result.diskFull], [null, true])
    assert.equal((await container.exited).diskFull, true)
  })

  it('contains both where the engine refuses overlays and files are copied', async () => {
    const { docker } = box.engine
    const limits = { ...Settings.parse({}), ...LIMITS }
    const context = {
      docker,
      limits,
      abilities: box.abilities,
      pageBytes: 4096,
      sessionId: box.sessionId,
      image: image.id,
    }
    const workspace: MountedWorkspace = await copiedWorkspace(context, sealed)
    await onWorkspace(workspace, async (container) => {
      assert.equal(
        (await shell(container, 'mv src moved && echo more > b && cat moved/deep/a b')).text,
        'one\nmore\n',
      )
      const { text } = await shell(container, 'dd if=/dev/zero of=bomb bs=1M count=500')
      assert.match(text, /No space left on device/)
    })
    await workspace.dispose()
    assert.match(await lowerListing(), /\.\/src\/deep\/a/)
  })

  it('is found by its key, and only then', async () => {
    assert.deepEqual(await box.sandbox.findSealed(key), sealed)
    assert.equal(await box.sandbox.findSealed(`${key}-other`), undefined)
  })

  it('goes to the first of two that seal the same key', async () => {
    const late = await box.sandbox.createVolume()
    assert.deepEqual(await box.sandbox.seal(late, key), sealed)
  })

  it('outlives its session, and is never evicted while one holds it', async () => {
    await using other = await testSandbox(LIMITS)
    const { docker } = box.engine
    assert.deepEqual(await other.sandbox.findSealed(key), sealed)
    await box.sandbox.dispose()
    assert.deepEqual(await evict(docker, 1000, mine), [])
    const evicted = await evict(docker, 0, mine)
    assert.ok(!evicted.includes(sealed.volume))
    await other.sandbox.dispose()
    assert.ok((await docker.getVolume(sealed.volume).inspect()).Name)
    image = await box.image()
  })

  it('is evicted when nobody holds it, and then not found', async () => {
    const volume = await box.sandbox.createVolume()
    await box.sandbox.seal(volume, `${key}-old`)
    await box.sandbox.dispose()
    const { docker } = box.engine
    assert.ok((await evict(docker, 0, mine)).includes(volume))
    assert.equal(await findSealed(docker, box.sessionId, `${key}-old`), undefined)
  })
})
