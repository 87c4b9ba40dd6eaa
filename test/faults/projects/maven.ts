import type { FileContent } from '../../support/madeRepository.ts'
import { baseVersion } from '../../truth/library.ts'
import { artifactId, groupId } from '../../truth/maven/library.ts'

export const application = 'src/main/java/org/example/faults/App.java'

/** The same in Java: one module, one class, two tests. */
export const mavenFiles: Readonly<Record<string, FileContent>> = {
  '.gitignore': 'target\n',
  'pom.xml': `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example.faults</groupId>
  <artifactId>app</artifactId>
  <version>1.0.0</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <build>
    <plugins>
${plugin('maven-compiler-plugin', '3.13.0')}${plugin('maven-surefire-plugin', '3.2.5')}    </plugins>
  </build>
  <dependencies>
${dependency(groupId, artifactId, baseVersion)}${dependency('junit', 'junit', '4.13.2', 'test')}  </dependencies>
</project>
`,
  [application]: `package org.example.faults;

import ${groupId}.Greeter;

public final class App {
  public static String hello(String name) {
    return Greeter.greet(name);
  }
}
`,
  'src/test/java/org/example/faults/AppTest.java': `package org.example.faults;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class AppTest {
  @Test
  public void saysHello() {
    assertEquals("Hello, Ada!", App.hello("Ada"));
  }

  @Test
  public void saysItToAnybody() {
    assertTrue(App.hello("Bob").contains("Bob"));
  }
}
`,
}

function plugin(name: string, version: string): string {
  return `      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>${name}</artifactId>
        <version>${version}</version>
      </plugin>
`
}

function dependency(group: string, artifact: string, version: string, scope?: string): string {
  const last = scope === undefined ? '' : `      <scope>${scope}</scope>\n`
  return `    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${version}</version>
${last}    </dependency>
`
}
