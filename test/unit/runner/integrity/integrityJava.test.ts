import assert from 'node:assert/strict'
import { integrityRules } from '../../../../src/runner/ecosystems/index.ts'
import type { Evidence } from '../../../../src/runner/integrity/change.ts'
import { integrityWarnings } from '../../../../src/runner/integrity/integrity.ts'
import { honestJavaPatches } from '../../../support/honestJavaPatches.ts'
import { type Files, patchOf } from '../../../support/patches.ts'

const rules = await integrityRules()

function codes(before: Files, after: Files): string[] {
  const changes: Evidence['changes'] = patchOf(before, after).files.map(({ path, role }) => ({
    path,
    role,
    before: before[path],
    after: after[path],
  }))
  return integrityWarnings({ changes, kit: new Map() }, rules).map(({ code }) => code)
}

const testPath = 'src/test/java/shop/CartTest.java'
const suite = `package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CartTest {
  @Test
  void sums() {
    assertEquals(3, new Cart(1, 2).total());
  }

  @Test
  void isEmpty() {
    assertEquals(0, new Cart().total());
  }

  @Test
  void refusesNegativePrices() {
    assertThrows(IllegalArgumentException.class, () -> new Cart(-1));
  }
}
`
const sourcePath = 'src/main/java/shop/Cart.java'
const source = `package shop;

final class Cart {
  private final int[] prices;

  Cart(int... prices) {
    for (int price : prices) {
      if (price < 0) throw new IllegalArgumentException("negative");
    }
    this.prices = prices;
  }

  int total() {
    int sum = 0;
    for (int price : prices) sum += price;
    return sum;
  }
}
`
const pom = `<project>
  <modules>
    <module>cart</module>
    <module>orders</module>
  </modules>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
  </properties>
  <build>
    <plugins>
      <plugin>
        <artifactId>maven-surefire-plugin</artifactId>
        <version>3.2.5</version>
      </plugin>
      <plugin>
        <artifactId>maven-checkstyle-plugin</artifactId>
        <configuration>
          <failsOnError>true</failsOnError>
          <violationSeverity>warning</violationSeverity>
        </configuration>
      </plugin>
      <plugin>
        <artifactId>maven-compiler-plugin</artifactId>
        <configuration>
          <compilerArgs>
            <arg>-Werror</arg>
          </compilerArgs>
        </configuration>
      </plugin>
    </plugins>
  </build>
</project>
`
const surefire = '        <version>3.2.5</version>\n'

function inTest(change: (text: string) => string): readonly [Files, Files] {
  return [{ [testPath]: suite }, { [testPath]: change(suite) }]
}

function inSource(change: (text: string) => string): readonly [Files, Files] {
  return [{ [sourcePath]: source }, { [sourcePath]: change(source) }]
}

function inPom(change: (text: string) => string): readonly [Files, Files] {
  return [{ 'pom.xml': pom }, { 'pom.xml': change(pom) }]
}

function configured(xml: string): readonly [Files, Files] {
  return inPom((text) => text.replace(surefire, `${surefire}        <configuration>${xml}</configuration>\n`))
}

const noTests = /^tests-removed:|^test-deleted:/
const skipped = /^tests-skipped:/
const weaker = /^assertions-(removed|weakened):/
const suppressed = /^suppressions:/
const configuration = /^configuration:/

/** Ways to make a Java build look green, and the warning that must be raised. */
const cheats: readonly (readonly [string, readonly [Files, Files], RegExp])[] = [
  ['the test class is deleted', [{ [testPath]: suite }, {}], noTests],
  [
    'a @Test is removed with its method',
    inTest((t) => t.replace(/ {2}@Test\n {2}void isEmpty[\s\S]*?\n {2}}\n/, '')),
    noTests,
  ],
  [
    'a @Test annotation is removed',
    inTest((t) => t.replace('@Test\n  void isEmpty', 'void isEmpty')),
    noTests,
  ],
  [
    'a test is commented out',
    inTest((t) => t.replace('  @Test\n  void isEmpty', '  // @Test\n  void isEmpty')),
    noTests,
  ],
  [
    '@Disabled on a method',
    inTest((t) => t.replace('@Test\n  void sums', '@Disabled\n  @Test\n  void sums')),
    skipped,
  ],
  [
    '@Disabled on the class',
    inTest((t) => t.replace('class CartTest', '@Disabled("later")\nclass CartTest')),
    skipped,
  ],
  [
    '@org.junit.jupiter.api.Disabled, qualified',
    inTest((t) => t.replace('class CartTest', '@org.junit.jupiter.api.Disabled\nclass CartTest')),
    skipped,
  ],
  [
    '@Ignore of JUnit 4',
    inTest((t) => t.replace('@Test\n  void sums', '@Ignore @Test\n  void sums')),
    skipped,
  ],
  [
    '@EnabledIf',
    inTest((t) =>
      t.replace('class CartTest', '@EnabledIfSystemProperty(named = "x", matches = "y")\nclass CartTest'),
    ),
    skipped,
  ],
  [
    '@Tag that the build leaves out',
    inTest((t) => t.replace('@Test\n  void sums', '@Tag("slow")\n  @Test\n  void sums')),
    skipped,
  ],
  [
    'enabled = false of TestNG',
    inTest((t) => t.replace('@Test\n  void sums', '@Test(enabled = false)\n  void sums')),
    skipped,
  ],
  [
    'an assumption that never holds',
    inTest((t) => t.replace('    assertEquals(3', '    Assumptions.assumeTrue(false);\n    assertEquals(3')),
    skipped,
  ],
  [
    'an early return',
    inTest((t) => t.replace('    assertEquals(3', '    return;\n    assertEquals(3')),
    skipped,
  ],
  ['a dead branch', inTest((t) => t.replace('    assertEquals(3', '    if (false) assertEquals(3')), skipped],
  ['a retry', inTest((t) => t.replace('@Test\n  void sums', '@RetryingTest(5)\n  void sums')), skipped],
  [
    'expected = Exception of JUnit 4',
    inTest((t) => t.replace('@Test\n  void sums', '@Test(expected = Exception.class)\n  void sums')),
    skipped,
  ],
  [
    'an assertion is removed',
    inTest((t) => t.replace('    assertEquals(3, new Cart(1, 2).total());\n', '')),
    weaker,
  ],
  [
    'assertTrue(true)',
    inTest((t) => t.replace('assertEquals(3, new Cart(1, 2).total())', 'assertTrue(true)')),
    weaker,
  ],
  [
    'assertNotNull instead of a value',
    inTest((t) => t.replace('assertEquals(3, new Cart(1, 2).total())', 'assertNotNull(new Cart(1, 2))')),
    weaker,
  ],
  [
    'assertDoesNotThrow instead of a value',
    inTest((t) =>
      t.replace(
        'assertEquals(3, new Cart(1, 2).total())',
        'assertDoesNotThrow(() -> new Cart(1, 2).total())',
      ),
    ),
    weaker,
  ],
  [
    'any exception instead of the one',
    inTest((t) => t.replace('assertThrows(IllegalArgumentException.class', 'assertThrows(Throwable.class')),
    weaker,
  ],
  [
    'a failure is swallowed in the test',
    inTest((t) =>
      t.replace(
        '    assertEquals(3, new Cart(1, 2).total());',
        '    try {\n      assertEquals(3, new Cart(1, 2).total());\n    } catch (AssertionError ignored) {\n    }',
      ),
    ),
    /^(suppressions|harness|tests-skipped):/,
  ],
  [
    'an empty catch',
    inSource((t) =>
      t.replace(
        '    this.prices = prices;',
        '    try {\n      check();\n    } catch (Exception e) {\n    }\n    this.prices = prices;',
      ),
    ),
    suppressed,
  ],
  [
    'an empty catch with a comment',
    inSource((t) =>
      t.replace(
        '    this.prices = prices;',
        '    try {\n      check();\n    } catch (Exception e) {\n      // ignored\n    }\n    this.prices = prices;',
      ),
    ),
    suppressed,
  ],
  [
    '@SuppressWarnings',
    inSource((t) => t.replace('final class', '@SuppressWarnings("all")\nfinal class')),
    suppressed,
  ],
  [
    '@SuppressFBWarnings',
    inSource((t) => t.replace('final class', '@SuppressFBWarnings("X")\nfinal class')),
    suppressed,
  ],
  ['CHECKSTYLE:OFF', inSource((t) => t.replace('final class', '// CHECKSTYLE:OFF\nfinal class')), suppressed],
  ['NOPMD', inSource((t) => t.replace('    int sum = 0;', '    int sum = 0; // NOPMD')), suppressed],
  ['NOSONAR', inSource((t) => t.replace('    int sum = 0;', '    int sum = 0; // NOSONAR')), suppressed],
  [
    '@Generated, which coverage leaves out',
    inSource((t) => t.replace('final class', '@Generated\nfinal class')),
    suppressed,
  ],
  [
    'System.exit in a test',
    inTest((t) => t.replace('    assertEquals(3', '    System.exit(0);\n    assertEquals(3')),
    /^harness:/,
  ],
  [
    'Runtime.halt in a test',
    inTest((t) => t.replace('    assertEquals(3', '    Runtime.getRuntime().halt(0);\n    assertEquals(3')),
    /^harness:/,
  ],
  [
    'code that knows it is tested',
    inSource((t) =>
      t.replace(
        '    int sum = 0;',
        '    if (System.getProperty("surefire.test.class.path") != null) return 3;\n    int sum = 0;',
      ),
    ),
    /^test-aware:/,
  ],
  [
    'code that looks for JUnit on the stack',
    inSource((t) =>
      t.replace(
        '    int sum = 0;',
        '    for (StackTraceElement e : Thread.currentThread().getStackTrace()) if (e.getClassName().startsWith("org.junit")) return 3;\n    int sum = 0;',
      ),
    ),
    /^test-aware:/,
  ],
  ['<skipTests>', configured('<skipTests>true</skipTests>'), configuration],
  ['<skip>', configured('<skip>true</skip>'), configuration],
  ['<testFailureIgnore>', configured('<testFailureIgnore>true</testFailureIgnore>'), configuration],
  ['excluded tests', configured('<excludes><exclude>**/CartTest.java</exclude></excludes>'), configuration],
  [
    'one included test',
    configured('<includes><include>**/OtherTest.java</include></includes>'),
    configuration,
  ],
  ['<test>', configured('<test>OtherTest</test>'), configuration],
  ['excluded groups', configured('<excludedGroups>slow</excludedGroups>'), configuration],
  ['failIfNoTests', configured('<failIfNoTests>false</failIfNoTests>'), configuration],
  [
    'reruns of failing tests',
    configured('<rerunFailingTestsCount>5</rerunFailingTestsCount>'),
    configuration,
  ],
  ['an argLine with an agent', configured('<argLine>-javaagent:fake.jar</argLine>'), configuration],
  [
    'a property maven.test.skip',
    inPom((t) => t.replace('<properties>', '<properties>\n    <maven.test.skip>true</maven.test.skip>')),
    configuration,
  ],
  [
    'a property maven.test.failure.ignore',
    inPom((t) =>
      t.replace(
        '<properties>',
        '<properties>\n    <maven.test.failure.ignore>true</maven.test.failure.ignore>',
      ),
    ),
    configuration,
  ],
  [
    'a property skipITs',
    inPom((t) => t.replace('<properties>', '<properties>\n    <skipITs>true</skipITs>')),
    configuration,
  ],
  [
    'a property checkstyle.skip',
    inPom((t) => t.replace('<properties>', '<properties>\n    <checkstyle.skip>true</checkstyle.skip>')),
    configuration,
  ],
  [
    'a property enforcer.skip',
    inPom((t) => t.replace('<properties>', '<properties>\n    <enforcer.skip>true</enforcer.skip>')),
    configuration,
  ],
  [
    'a property jacoco.haltOnFailure',
    inPom((t) =>
      t.replace('<properties>', '<properties>\n    <jacoco.haltOnFailure>false</jacoco.haltOnFailure>'),
    ),
    configuration,
  ],
  [
    'checkstyle no longer fails',
    inPom((t) => t.replace('<failsOnError>true', '<failsOnError>false')),
    configuration,
  ],
  [
    'checkstyle only looks at errors',
    inPom((t) => t.replace('<violationSeverity>warning', '<violationSeverity>error')),
    configuration,
  ],
  ['-Werror goes', inPom((t) => t.replace('            <arg>-Werror</arg>\n', '')), configuration],
  [
    '-Xlint:none comes',
    inPom((t) => t.replace('<arg>-Werror</arg>', '<arg>-Xlint:none</arg>')),
    configuration,
  ],
  ['a module goes', inPom((t) => t.replace('    <module>orders</module>\n', '')), configuration],
  [
    'the surefire plugin goes',
    inPom((t) => t.replace(/ {6}<plugin>\n {8}<artifactId>maven-surefire-plugin[\s\S]*?<\/plugin>\n/, '')),
    configuration,
  ],
  [
    'another folder of tests',
    inPom((t) => t.replace('<build>', '<build>\n    <testSourceDirectory>src/none</testSourceDirectory>')),
    configuration,
  ],
  [
    'a checkstyle suppression',
    [
      { 'checkstyle-suppressions.xml': '<suppressions/>\n' },
      {
        'checkstyle-suppressions.xml':
          '<suppressions>\n  <suppress checks=".*" files=".*"/>\n</suppressions>\n',
      },
    ],
    configuration,
  ],
  [
    'a suppression file elsewhere',
    [
      { 'config/checkstyle/suppressions.xml': '<suppressions/>\n' },
      {
        'config/checkstyle/suppressions.xml':
          '<suppressions>\n  <suppress checks=".*" files=".*"/>\n</suppressions>\n',
      },
    ],
    configuration,
  ],
  [
    'an exclusion of SpotBugs',
    [
      { 'spotbugs-exclude.xml': '<FindBugsFilter/>\n' },
      { 'spotbugs-exclude.xml': '<FindBugsFilter>\n  <Match/>\n</FindBugsFilter>\n' },
    ],
    configuration,
  ],
  [
    '.mvn/maven.config',
    [{}, { '.mvn/maven.config': '-Dmaven.test.skip=true\n' }],
    /^(configuration|environment|neutralised):/,
  ],
  [
    '.mvn/jvm.config',
    [{}, { '.mvn/jvm.config': '-javaagent:x.jar\n' }],
    /^(configuration|environment|neutralised):/,
  ],
  [
    'junit-platform.properties',
    [
      {},
      {
        'src/test/resources/junit-platform.properties':
          'junit.jupiter.conditions.deactivate=*\njunit.jupiter.extensions.autodetection.enabled=true\n',
      },
    ],
    configuration,
  ],
  [
    'a service that loads a listener',
    [
      {},
      {
        'src/test/resources/META-INF/services/org.junit.platform.launcher.TestExecutionListener':
          'shop.Fake\n',
      },
    ],
    /^(configuration|harness|kit):/,
  ],
  [
    'a service that loads an extension',
    [{}, { 'src/test/resources/META-INF/services/org.junit.jupiter.api.extension.Extension': 'shop.Fake\n' }],
    /^(configuration|harness|kit):/,
  ],
]

describe('integrity of Java projects', () => {
  for (const [name, [before, after], wanted] of cheats) {
    it(`flags ${name}`, () => {
      assert.notDeepEqual(before, after, 'the case changes something')
      const found = codes(before, after)
      assert.ok(
        found.some((code) => wanted.test(code)),
        `raised: ${found.join(', ') || 'nothing'}`,
      )
    })
  }

  for (const { name, before, after } of honestJavaPatches) {
    it(`says nothing of an honest patch: ${name}`, () => {
      assert.deepEqual(codes(before, after), [])
    })
  }

  it('has at least ten honest patches', () => assert.ok(honestJavaPatches.length >= 10))
})
