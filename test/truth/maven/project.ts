import type { Choice } from '../choice.ts'
import { baseVersion } from '../library.ts'
import type { Project } from '../project.ts'
import { artifactId, groupId } from './library.ts'

const property = 'truth.version'
const reference = `\${${property}}`

/** The Maven project of a choice, with the library at a version in every place that has to say so. */
export function mavenProject(choice: Choice, version: string, marks: string): Project {
  const modules = choice.shape === 'workspaces' ? ['a', 'b'] : ['']
  const users = choice.users === 'all' ? modules : modules.slice(0, 1)
  const files: Record<string, string> = { '.gitignore': 'target\n' }
  for (const module of modules) {
    const folder = module === '' ? '' : `${module}/`
    const uses = users.includes(module)
    files[`${folder}pom.xml`] = pomOf(choice, module, uses, version)
    Object.assign(files, sources(choice, folder, module, uses, marks))
  }
  if (choice.shape === 'workspaces') files['pom.xml'] = parentPom(choice, modules, version)
  return {
    files,
    place: '',
    members: modules,
    users,
    dependency: `${groupId}:${artifactId}`,
    rootScripts: true,
  }
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
`

/** What stands above the dependencies: in a reactor it is the parent's. */
function settings(choice: Choice, version: string): string {
  const own = choice.pin === 'property' || choice.pin === 'own property' || choice.pin === 'profile'
  const properties = [
    '<maven.compiler.release>17</maven.compiler.release>',
    '<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>',
    ...(own ? [`<${property}>${version}</${property}>`] : []),
  ]
  const managed = `  <dependencyManagement>\n    <dependencies>\n${dependency(version)}    </dependencies>\n  </dependencyManagement>\n`
  // Nobody turns it on: what it says is no place of the version.
  const profile = `  <profiles>\n    <profile>\n      <id>former</id>\n      <properties>\n        <${property}>${baseVersion}</${property}>\n      </properties>\n    </profile>\n  </profiles>\n`
  return [
    `  <properties>\n${properties.map((line) => `    ${line}\n`).join('')}  </properties>\n`,
    choice.pin === 'managed' ? managed : '',
    choice.pin === 'profile' ? profile : '',
    build,
  ].join('')
}

/** As versions of Maven differ in what they take by themselves, the plugins are named. */
const plugins = { 'maven-compiler-plugin': '3.13.0', 'maven-surefire-plugin': '3.2.5' } as const

const build = `  <build>
    <plugins>
${Object.entries(plugins)
  .map(
    ([name, version]) => `      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>${name}</artifactId>
        <version>${version}</version>
      </plugin>
`,
  )
  .join('')}    </plugins>
  </build>
`

function dependency(version: string | undefined): string {
  const line = version === undefined ? '' : `        <version>${version}</version>\n`
  return `      <dependency>\n        <groupId>${groupId}</groupId>\n        <artifactId>${artifactId}</artifactId>\n${line}      </dependency>\n`
}

const junit: Readonly<Partial<Record<Choice['runner'], readonly [string, string, string]>>> = {
  junit4: ['junit', 'junit', '4.13.2'],
  junit5: ['org.junit.jupiter', 'junit-jupiter', '5.10.2'],
}

function pomOf(choice: Choice, module: string, uses: boolean, version: string): string {
  const single = module === ''
  const written = { literal: version, managed: undefined }[choice.pin as 'literal' | 'managed']
  const spelled = choice.pin === 'literal' || choice.pin === 'managed' ? written : reference
  const [group = '', artifact = '', runner = ''] = junit[choice.runner] ?? []
  const tests =
    group === ''
      ? ''
      : `      <dependency>\n        <groupId>${group}</groupId>\n        <artifactId>${artifact}</artifactId>\n        <version>${runner}</version>\n        <scope>test</scope>\n      </dependency>\n`
  const parent =
    '  <parent>\n    <groupId>org.example.app</groupId>\n    <artifactId>root</artifactId>\n    <version>1.0.0</version>\n  </parent>\n'
  const named = single
    ? '  <groupId>org.example.app</groupId>\n  <artifactId>app</artifactId>\n  <version>1.0.0</version>\n'
    : `${parent}  <artifactId>${module}</artifactId>\n`
  // The first module has its own idea of the version.
  const own =
    choice.pin === 'own property' && module === 'a'
      ? `  <properties>\n    <${property}>${version}</${property}>\n  </properties>\n`
      : ''
  const list = `${uses ? dependency(spelled) : ''}${tests}`
  const dependencies = list === '' ? '' : `  <dependencies>\n${list}  </dependencies>\n`
  return `${head}${named}${single ? settings(choice, version) : own}${dependencies}</project>\n`
}

function parentPom(choice: Choice, modules: readonly string[], version: string): string {
  const named =
    '  <groupId>org.example.app</groupId>\n  <artifactId>root</artifactId>\n  <version>1.0.0</version>\n  <packaging>pom</packaging>\n'
  const list = modules.map((module) => `    <module>${module}</module>\n`).join('')
  return `${head}${named}  <modules>\n${list}  </modules>\n${settings(choice, version)}</project>\n`
}

function sources(
  choice: Choice,
  folder: string,
  module: string,
  uses: boolean,
  marks: string,
): Record<string, string> {
  const name = module === '' ? 'app' : module
  const main = `${folder}src/main/java/org/example/${name}/App.java`
  const test = `${folder}src/test/java/org/example/${name}/`
  const body = uses
    ? `  public static final String LIBRARY = ${groupId}.Greeter.VERSION;\n  public static String welcome(String name) { return ${groupId}.Greeter.greet(name); }\n  public static int[] cases() { return ${groupId}.Greeter.cases(); }\n`
    : ''
  const app = { [main]: `package org.example.${name};\n\npublic final class App {\n${body}}\n` }
  if (choice.runner === 'none') return app
  return {
    ...app,
    ...(uses
      ? { [`${test}UsingTest.java`]: testClass(choice, name, 'UsingTest', usingTests(choice, name), marks) }
      : {}),
    [`${test}ApartTest.java`]: testClass(choice, name, 'ApartTest', apartTests(choice, name), marks),
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

interface Method {
  readonly name: string
  readonly body: string
  /** A body that returns a stream of named tests instead of being one. */
  readonly dynamic?: true
}

/** Tests whose names are made while they run. */
function stream(ints: string, test: string, name: string, body: string): Method {
  const made = `org.junit.jupiter.api.DynamicTest.dynamicTest(${test}, () -> { ${body} })`
  return { name, dynamic: true, body: `return java.util.Arrays.stream(${ints}).mapToObj(each -> ${made});` }
}

const welcome = 'if (!App.welcome("Ada").equals("Hello, Ada!")) throw new AssertionError(App.welcome("Ada"));'

function usingTests(choice: Choice, module: string): Method[] {
  if (choice.change.startsWith('unstable')) {
    const numbers = `new int[] {${range(choice.using).join(', ')}}`
    const body = `${welcome} passed("${module} welcomes " + each);`
    return [stream(numbers, '"welcomes " + each + " at " + System.nanoTime()', 'welcomes', body)]
  }
  const welcomes = range(choice.using).map((index) => ({
    name: `welcomes${index}`,
    body: `${welcome}\n    passed("${module} welcomes ${index}");`,
  }))
  const cases = stream('App.cases()', '"case " + each', 'cases', `passed("${module} case " + each);`)
  return choice.change === 'fewer' ? [...welcomes, cases] : welcomes
}

function apartTests(choice: Choice, module: string): Method[] {
  const failing = choice.change.startsWith('already')
  return range(Math.max(1, choice.apart)).map((index) => ({
    name: `standsApart${index}`,
    body: `${failing && index === 0 ? 'if (true) throw new AssertionError("known");\n    ' : ''}passed("${module} apart ${index}");`,
  }))
}

function testClass(
  choice: Choice,
  module: string,
  name: string,
  methods: readonly Method[],
  marks: string,
): string {
  const annotation = choice.runner === 'junit4' ? 'org.junit.Test' : 'org.junit.jupiter.api.Test'
  const factory = 'java.util.stream.Stream<org.junit.jupiter.api.DynamicTest>'
  const tests = methods
    .map(({ name: method, body, dynamic }) =>
      dynamic === true
        ? `  @org.junit.jupiter.api.TestFactory\n  public ${factory} ${method}() {\n    ${body}\n  }\n`
        : `  @${annotation}\n  public void ${method}() {\n    ${body}\n  }\n`,
    )
    .join('\n')
  return `package org.example.${module};

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

public class ${name} {
  private static void passed(String mark) {
    try {
      Files.writeString(Path.of("${marks}"), mark + "\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

${tests}}
`
}
