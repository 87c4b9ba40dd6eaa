import assert from 'node:assert/strict'
import { inWorkspace } from '../../../src/runner/docker/using.ts'
import { jarRelease } from '../../../src/runner/ecosystems/maven/release/index.ts'
import type { Release } from '../../../src/runner/ecosystems/release/release.ts'
import { filesArchive } from '../../../src/runner/install/files.ts'
import { changeLine } from '../../../src/runner/repair/context/apiText.ts'
import { releaseDocument } from '../../../src/runner/repair/context/documents.ts'
import { testSandbox } from '../../support/sandbox.ts'

const java = (name: string, body: string) =>
  `package ${name.slice(0, name.lastIndexOf('.'))};\npublic ${body}\n`

/** Two versions of a library, as sources, service files among them. */
const versions: readonly Readonly<Record<string, string>>[] = [
  {
    'org/a/Scope.java': java('org.a.Scope', 'interface Scope { void open(); void close(); Item item(); }'),
    'org/a/Item.java': java('org.a.Item', 'class Item { public static class Part { public int size; } }'),
    'org/a/Task.java': java('org.a.Task', 'interface Task { default void run() {} void end(); }'),
    'org/a/Mark.java': java('org.a.Mark', '@interface Mark { String value() default ""; }'),
    'org/a/Base.java': java('org.a.Base', 'abstract class Base { public Base() {} }'),
    'org/a/Plain.java': java('org.a.Plain', 'class Plain { public Plain() {} }'),
    'org/a/Old.java': java(
      'org.a.Old',
      'class Old implements Runnable, Task { public void run() {} public void end() {} }',
    ),
    'META-INF/services/java.lang.Runnable': '# a comment\norg.a.Old # another\n',
    'META-INF/services/org.a.Task': 'org.a.Old\n',
  },
  {
    'org/b/Scope.java': java('org.b.Scope', 'interface Scope { void open(); Item item(); }'),
    'org/b/Item.java': java('org.b.Item', 'class Item { public static class Part { public long size; } }'),
    'org/a/Task.java': java(
      'org.a.Task',
      'interface Task { void run(); void end(); default void more() {} }',
    ),
    'org/a/Mark.java': java(
      'org.a.Mark',
      '@interface Mark { String value() default ""; int rank(); int least() default 0; }',
    ),
    'org/a/Base.java': java('org.a.Base', 'abstract class Base { protected Base() {} }'),
    'org/a/Plain.java': java('org.a.Plain', 'class Plain { protected Plain() {} }'),
    'org/a/New.java': java(
      'org.a.New',
      'class New implements Task { public void run() {} public void end() {} }',
    ),
    'META-INF/services/org.a.Task': 'org.a.New\n',
  },
]

describe('what two compiled versions of a library differ in', function () {
  this.timeout(120_000)
  let release: Release
  before(async () => {
    const [before, after] = await compiled()
    assert.ok(before !== undefined && after !== undefined)
    release = await jarRelease({ version: '1', bytes: before }, { version: '2', bytes: after })
  })

  function linesOf(name: string): readonly string[] {
    return release.changes.filter((one) => one.name.startsWith(name)).map((one) => changeLine(one))
  }

  it('names members that a moved type lost or changed, and none that only moved with it', () => {
    assert.deepEqual(linesOf('org.a.Scope'), [
      '- removed org.a.Scope: `interface Scope`; moved to org.b.Scope',
    ])
    const lost = ['- new org.b.Scope: `interface Scope`', '- removed org.b.Scope.close: `void close()`']
    assert.deepEqual(linesOf('org.b.Scope'), lost)
    assert.deepEqual(linesOf('org.b.Item.Part.size'), [
      '- changed org.b.Item.Part.size: was `int size`; now `long size`',
    ])
  })

  it('names a default method that has to be written, and an element that has to be given', () => {
    const task = '- changed org.a.Task: was `interface Task`; now `to be implemented: void run()`'
    assert.deepEqual(linesOf('org.a.Task').slice(0, 1), [task])
    const mark = '- changed org.a.Mark: was `@interface Mark`; now `to be given: int rank()`'
    assert.deepEqual(linesOf('org.a.Mark').slice(0, 1), [mark])
  })

  it('names providers that came or went', () => {
    assert.deepEqual(linesOf('providers of'), [
      '- providers of java.lang.Runnable (META-INF/services): org.a.Old → nothing',
    ])
    assert.ok(
      linesOf('org.a.Task').includes(
        '- changed org.a.Task: was `provided by org.a.Old`; now `provided by org.a.New`',
      ),
    )
  })

  it('takes a constructor that only heirs call for the same, whether public or protected', () => {
    assert.deepEqual(linesOf('org.a.Base'), [])
    assert.equal(linesOf('org.a.Plain').length, 1)
  })

  it('tells what a new type offers to whoever asks for it', () => {
    assert.match(
      releaseDocument(release, 'drydock://release/interface?name=org.a.New') ?? '',
      /^- new org\.a\.New: `class New`\n {2}- `New\(\)`\n {2}- `void run\(\)`\n {2}- `void end\(\)`$/,
    )
  })
})

/** The versions as jars, compiled in a container. */
async function compiled(): Promise<readonly Buffer[]> {
  await using box = await testSandbox()
  const image = await box.image({ kind: 'jdk', major: 17 })
  const volume = await box.sandbox.createVolume()
  const sources = versions.flatMap((files, at) =>
    Object.entries(files).map(([path, text]) => [`v${at}/${path}`, Buffer.from(text)] as const),
  )
  const files = [{ path: '/workspace', archive: filesArchive(new Map(sources)) }]
  const placed = await box.sandbox.start({ kind: 'install', image, workspace: { unsealed: volume }, files })
  await placed.remove()
  const sealed = await box.sandbox.seal(volume, `jars-${box.sessionId}`)
  try {
    return await inWorkspace(box.sandbox, image, sealed, AbortSignal.timeout(100_000), async (container) => {
      const made: Buffer[] = []
      for (const at of versions.keys()) {
        const script = `cd v${at} && javac $(find . -name '*.java') && jar -cf ../${at}.jar . && base64 ../${at}.jar`
        const limits = { timeoutMs: 60_000, maxOutputBytes: 1_000_000, cwd: '/workspace' }
        const { output, exitCode } = await container.exec(['/bin/sh', '-c', script], limits)
        assert.equal(exitCode, 0, output.toString('utf8'))
        made.push(Buffer.from(output.toString('utf8'), 'base64'))
      }
      return made
    })
  } finally {
    await box.sandbox.removeVolume(sealed.volume)
  }
}
