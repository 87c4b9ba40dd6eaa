import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readReport } from '../../../../sandbox/maven/junitXml.ts'
import { reportsIn } from '../../../../sandbox/maven/reports.ts'

describe('reports of surefire and failsafe', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drydock-reports-'))
    await write('a/pom.xml', '')
    await write('a/src/test/java/com/x/ATest.java', '')
  })
  afterEach(() => rm(root, { recursive: true }))

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const lines = () => reportsIn(root).flatMap(readReport)
  const report = (body: string) => write('a/target/surefire-reports/TEST-com.x.ATest.xml', body)
  const file = () => join(root, 'a/src/test/java/com/x/ATest.java')

  it('names tests by their file, nested classes and their outcome', async () => {
    await report(`<?xml version="1.0"?><testsuite>
      <testcase name="works" classname="com.x.ATest" time="0.5"/>
      <testcase name="inner" classname="com.x.ATest$Nested" time="1,000.25"><system-out>x</system-out></testcase>
      <testcase name="broken" classname="com.x.ATest"><failure message="expected: &lt;1&gt;" type="E"><![CDATA[E: expected: <1>
at com.x.ATest.broken(ATest.java:3)]]></failure></testcase>
      <testcase name="off" classname="com.x.ATest"><skipped/></testcase>
      <testcase name="" classname="com.x.ATest"><error type="X">no set-up</error></testcase>
      <testcase name="far" classname="org.y.Elsewhere"/></testsuite>`)
    assert.deepEqual(lines(), [
      { file: file(), suite: [], title: 'works', outcome: 'passed', durationMs: 500 },
      { file: file(), suite: ['Nested'], title: 'inner', outcome: 'passed', durationMs: 1_000_250 },
      {
        ...{ file: file(), suite: [], title: 'broken', outcome: 'failed', durationMs: 0 },
        message: 'E: expected: <1>\nat com.x.ATest.broken(ATest.java:3)',
      },
      { file: file(), suite: [], title: 'off', outcome: 'skipped', durationMs: 0 },
      { file: file(), suite: [], title: '', outcome: 'failed', durationMs: 0, message: 'X\nno set-up' },
      { suite: ['org.y.Elsewhere'], title: 'far', outcome: 'passed', durationMs: 0 },
    ])
  })

  it('tells an assertion from another error, by the type of what was thrown', async () => {
    const failure = (name: string, type: string) =>
      `<testcase name="${name}" classname="com.x.ATest"><failure message="x" type="${type}">x</failure></testcase>`
    await report(
      `<testsuite>${failure('a', 'org.opentest4j.AssertionFailedError')}${failure('b', 'org.junit.ComparisonFailure')}${failure('c', 'java.lang.IllegalStateException')}</testsuite>`,
    )
    assert.deepEqual(
      lines().map(({ title, compared }) => [title, compared]),
      [
        ['a', {}],
        ['b', {}],
        ['c', undefined],
      ],
    )
  })

  it('expands no entity, and keeps what came before the break', async () => {
    await report(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><testsuite>
      <testcase name="first" classname="com.x.ATest"/><testcase name="&x;" classname="com.x.ATest"/></testsuite>`)
    assert.deepEqual(
      lines().map(({ title }) => title),
      ['first'],
    )
    await report('<testsuite><testcase name="first" classname="com.x.ATest"/><testca')
    assert.deepEqual(
      lines().map(({ title }) => title),
      ['first'],
    )
  })

  it('finds the reports of every module, and none that lie among sources', async () => {
    await report('<testsuite><testcase name="one" classname="com.x.ATest"/></testsuite>')
    const text = '<testsuite><testcase name="two" classname="com.x.BIT"/></testsuite>'
    await write('b/c/pom.xml', '')
    await write('b/c/target/failsafe-reports/TEST-com.x.BIT.xml', text)
    await write('b/c/src/surefire-reports/TEST-forged.xml', text)
    assert.deepEqual(
      lines()
        .map(({ title }) => title)
        .sort(),
      ['one', 'two'],
    )
  })
})
