import assert from 'node:assert/strict'
import { checks } from '../../../../../src/runner/ecosystems/maven/checks.ts'
import { endsEarly, toTheEnd } from '../../../../../src/runner/ecosystems/maven/rules.ts'
import type { Project } from '../../../../../src/runner/ecosystems/project.ts'

const goal = (plugin: string) =>
  `[ERROR] Failed to execute goal ${plugin} (default) on project core: Some rule failed -> [Help 1]\n`

describe('rules of a Maven build', () => {
  it('are known by the goal that fails, whatever its group, version and colours', () => {
    const ofRules = [
      'org.apache.maven.plugins:maven-enforcer-plugin:1.4.1:enforce',
      'org.apache.rat:apache-rat-plugin:0.13:check',
      '\u001b[1mcom.diffplug.spotless:spotless-maven-plugin:2.43.0:check\u001b[m',
      'com.mycila:license-maven-plugin:4.1:check',
      'de.thetaphi:forbiddenapis:3.5:check',
    ]
    for (const plugin of ofRules) assert.equal(endsEarly(goal(plugin)), true, plugin)
    const others = [
      'org.apache.maven.plugins:maven-compiler-plugin:3.11.0:compile',
      'org.apache.maven.plugins:maven-surefire-plugin:3.1.2:test',
      'com.example:enforcer:1.0:enforce',
    ]
    for (const plugin of others) assert.equal(endsEarly(goal(plugin)), false, plugin)
    const tests = goal('org.apache.maven.plugins:maven-surefire-plugin:3.1.2:test')
    assert.equal(endsEarly(`[INFO] core .... FAILURE [  1.2 s]\n[INFO] web ..... SKIPPED\n${tests}`), true)
    assert.equal(endsEarly('[INFO] --- maven-enforcer-plugin:1.4.1:enforce (enforce) @ core ---'), false)
  })

  it('are left out of a second run where one fails and nothing is missing, and never of a command of one’s own', async () => {
    const project = {
      ...({ ecosystem: 'maven', packageManager: 'maven@3', manifests: ['pom.xml'] } as const),
      ...({ versionsIn: 'manifests', locks: [] } as const),
      ...{ image: { kind: 'jdk', major: 17 } as const, config: {} },
    } satisfies Project
    const [build, test] = await checks(project, {}, (log) => !log.includes('Could not find artifact'))
    const rule = goal('org.apache.maven.plugins:maven-enforcer-plugin:3.0.0:enforce')
    assert.equal(build?.chain?.beside, true)
    assert.equal(build?.chain?.when?.(rule), true)
    assert.equal(build?.chain?.when?.(`${rule}Could not find artifact a:b:jar:1`), false)
    assert.equal(build?.chain?.when?.('[ERROR] COMPILATION ERROR'), false)
    const [free] = test?.chain?.checks ?? []
    assert.equal(free?.display, 'mvn --fail-at-end verify # to the end')
    assert.ok(toTheEnd.includes('-Denforcer.skip=true'))
    for (const flag of toTheEnd) assert.ok(free?.argv.includes(flag), flag)
    assert.notEqual(free?.results, test?.results)
    const config = { commands: { test: './mvnw verify', build: null } }
    const [own] = await checks({ ...project, config }, {}, () => true)
    assert.equal(own?.chain, undefined)
  })
})
