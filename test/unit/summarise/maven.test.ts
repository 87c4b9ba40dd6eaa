import assert from 'node:assert/strict'
import { summariseText } from '../../../src/runner/ecosystems/summarise.ts'

const end = (goal: string, message = '') =>
  `[INFO] BUILD FAILURE\n[ERROR] Failed to execute goal ${goal} on project shop: ${message} -> [Help 1]\n`

describe('Maven logs of other makes', () => {
  it('javac through takari, with colons between line and column', async () => {
    const log = `[INFO] --- takari-lifecycle-plugin:1.13:compile (default-compile) @ shop ---
[ERROR] /workspace/src/main/java/a/Cart.java:[12:34] cannot find symbol
${end('io.takari.maven.plugins:takari-lifecycle-plugin:1.13:compile (default-compile)', '1 error(s) encountered')}`
    const { category, failures } = await summariseText('maven', log)
    assert.equal(category, 'COMPILATION_FAILURE')
    assert.deepEqual(failures[0], {
      file: 'src/main/java/a/Cart.java',
      line: 12,
      column: 34,
      message: 'cannot find symbol',
    })
  })

  it('a Kotlin module of another version has no line', async () => {
    const log = `[INFO] --- kotlin-maven-plugin:1.5.0:compile (compile) @ shop ---
[ERROR] /home/dev/.m2/repository/x/x.jar!/META-INF/x.kotlin_module: (-1, -1) Module was compiled with an incompatible version of Kotlin.
${end('org.jetbrains.kotlin:kotlin-maven-plugin:1.5.0:compile (compile)', 'Compilation failure')}`
    const { category, failures, text } = await summariseText('maven', log)
    assert.equal(category, 'COMPILATION_FAILURE')
    assert.equal(failures[0]?.line, undefined)
    assert.match(text, /x\.kotlin_module/)
  })

  it('a rule that points at what it printed above adds nothing to it', async () => {
    const log = `[INFO] --- maven-enforcer-plugin:3.0.0:enforce (enforce) @ shop ---
[WARNING] 
Dependency convergence error for org.opentest4j:opentest4j:jar:1.3.0:provided paths to dependency are:
+-org.acme:shop:jar:1
  +-org.opentest4j:opentest4j:jar:1.3.0:provided
and
+-org.acme:shop:jar:1
  +-org.junit.jupiter:junit-jupiter-api:jar:5.8.2:test
    +-org.opentest4j:opentest4j:jar:1.2.0:test

[WARNING] Rule 0: org.apache.maven.plugins.enforcer.DependencyConvergence failed with message:
Failed while enforcing releasability. See above detailed error message.
${end('org.apache.maven.plugins:maven-enforcer-plugin:3.0.0:enforce (enforce)', 'Some Enforcer rules have failed. Look above for specific messages explaining why the rule failed.')}`
    const { failures } = await summariseText('maven', log)
    assert.deepEqual(
      failures.map(({ artifact, message }) => [artifact, message]),
      [
        [
          'org.opentest4j:opentest4j:jar:1.3.0:provided',
          'DependencyConvergence: Dependency convergence error for org.opentest4j:opentest4j:jar:1.3.0:provided',
        ],
      ],
    )
    const alone = await summariseText('maven', log.replace(/\[WARNING\] \nDependency[\s\S]*?\n\n/, ''))
    assert.match(alone.failures[0]?.message ?? '', /Failed while enforcing releasability/)
  })

  it('a runner that broke before any test shows what it threw', async () => {
    const log = `[INFO] --- maven-surefire-plugin:2.12:test (default-test) @ shop ---
org.apache.maven.surefire.util.SurefireReflectionException: java.lang.reflect.InvocationTargetException
	at org.apache.maven.surefire.booter.ForkedBooter.main(ForkedBooter.java:74)
Caused by: java.lang.NoClassDefFoundError: org/junit/Gone
${end('org.apache.maven.plugins:maven-surefire-plugin:2.12:test (default-test)', 'Execution default-test failed: There was an error in the forked process')}`
    const { category, text } = await summariseText('maven', log)
    assert.equal(category, 'TEST_FAILURE')
    assert.match(text, /NoClassDefFoundError: org\/junit\/Gone/)
  })

  it('a test that failed far from its cause says the cause, however long its trace is', async () => {
    const frames = Array.from(
      { length: 120 },
      (_, at) => `\tat org.lib.Context.load(Context.java:${at + 1})\n`,
    ).join('')
    const log = `[INFO] --- surefire:3.2.5:test (default-test) @ shop ---
[ERROR] com.acme.CartTest.sum -- Time elapsed: 0.1 s <<< ERROR!
java.lang.IllegalStateException: Failed to load ApplicationContext
${frames}Caused by: org.lib.BeanException: Error creating bean
${frames}Caused by: java.lang.NoClassDefFoundError: javax/xml/bind/JAXBException
${end('org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test)', 'There are test failures.')}`
    const { failures } = await summariseText('maven', log)
    assert.equal(
      failures[0]?.message,
      'java.lang.IllegalStateException: Failed to load ApplicationContext\nCaused by: java.lang.NoClassDefFoundError: javax/xml/bind/JAXBException',
    )
  })

  it('flaky tests that passed when run again are no failures', async () => {
    const log = `[INFO] --- surefire:3.2.5:test (default-test) @ shop ---
[ERROR] com.acme.CartTest.shaky -- Time elapsed: 0.1 s <<< FAILURE!
java.lang.AssertionError: once
[ERROR] com.acme.CartTest.broken -- Time elapsed: 0.1 s <<< FAILURE!
java.lang.AssertionError: always
[INFO] Results:
[WARNING] Flakes: 
[WARNING] com.acme.CartTest.shaky
[ERROR]   Run 1: CartTest.shaky:5 once
[INFO]   Run 2: PASS
[ERROR] Failures: 
[ERROR]   CartTest.broken:9 always
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Flakes: 1
${end('org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test)', 'There are test failures.')}`
    const { failures } = await summariseText('maven', log)
    assert.deepEqual(
      failures.map(({ test }) => test),
      ['com.acme.CartTest.broken'],
    )
  })

  it('names the first failed goal when several modules fail at the end', async () => {
    const log = `[INFO] --- compiler:3.11.0:compile (default-compile) @ a ---
[ERROR] /workspace/a/src/main/java/a/Cart.java:[1,2] cannot find symbol
[INFO] --- surefire:3.2.5:test (default-test) @ b ---
[ERROR] com.acme.CartTest.sum -- Time elapsed: 0.1 s <<< FAILURE!
java.lang.AssertionError: no
[INFO] BUILD FAILURE
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.11.0:compile (default-compile) on project a: Compilation failure
[ERROR] /workspace/a/src/main/java/a/Cart.java:[1,2] cannot find symbol
[ERROR] -> [Help 1]
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test) on project b: There are test failures.
`
    const { category, failures } = await summariseText('maven', log)
    assert.equal(category, 'COMPILATION_FAILURE')
    assert.deepEqual(
      failures.map(({ file, test }) => test ?? file),
      ['a/src/main/java/a/Cart.java', 'com.acme.CartTest.sum'],
    )
  })
})
