import assert from 'node:assert/strict'
import { words as maven } from '../../../../src/runner/ecosystems/maven/words.ts'
import { conflicts } from '../../../../src/runner/ecosystems/npm/conflicts.ts'
import { words as npm } from '../../../../src/runner/ecosystems/npm/words.ts'
import { installReason } from '../../../../src/runner/install/reason.ts'

const eresolve = `npm error code ERESOLVE
npm error ERESOLVE could not resolve
npm error
npm error While resolving: react-dom@18.2.0
npm error Found: react@19.0.0
npm error node_modules/react
npm error   react@"^19.0.0" from the root project
npm error
npm error Could not resolve dependency:
npm error peer react@"^18.2.0" from react-dom@18.2.0
npm error node_modules/react-dom
npm error   react-dom@"^18.2.0" from the root project
`

describe('reason of a failed install', () => {
  const logs: readonly (readonly [log: string, expected: RegExp])[] = [
    [eresolve, /^ERESOLVE: ERESOLVE could not resolve$/],
    [
      'npm error code E404\nnpm error 404 Not Found - GET http://127.0.0.1:4873/npm/x\n',
      /^E404: 404 Not Found/,
    ],
    [
      ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"\n',
      /^ERR_PNPM_OUTDATED_LOCKFILE {2}Cannot/,
    ],
    [
      'yarn install v1.22.22\nerror Couldn\'t find any versions for "x"\ninfo Visit\n',
      /^Couldn't find any versions/,
    ],
    ['➤ YN0000: ┌ Resolution step\n➤ YN0035: │ x@npm:1: Package not found\n', /x@npm:1: Package not found/],
    ['\u001b[31mnpm error\u001b[39m code EINTEGRITY\n', /^EINTEGRITY/],
    [
      'npm ERR! code ETARGET\nnpm ERR! notarget No matching version found for x@9\n',
      /^ETARGET: notarget No matching/,
    ],
    ['something else\n', /^something else$/],
    ['', /^it said nothing and ended with code 1$/],
  ]
  for (const [log, expected] of logs)
    it(String(expected), () => {
      assert.match(installReason(npm, log, 1), expected)
    })

  it('is the manifests’ own where Maven cannot read them for what they say, each fault once', () => {
    const missing = (name: string, line: number) =>
      `'dependencies.dependency.version' for org.lib:${name}:jar is missing. @ line ${line}, column 17`
    const log = (...faults: readonly string[]) =>
      [
        '[ERROR] [ERROR] Some problems were encountered while processing the POMs:',
        ...faults.map((fault) => `[ERROR] ${fault}`),
        ' @ ',
        '[ERROR] The build could not read 1 project -> [Help 1]',
        '[ERROR]   The project com.example:app:1 (/workspace/pom.xml) has 2 errors',
        ...faults.map((fault) => `[ERROR]     ${fault}`),
      ].join('\n')
    assert.equal(
      maven.ofManifests?.(log(missing('a', 86), missing('b', 90))),
      "'dependencies.dependency.version' for org.lib:a:jar is missing (line 86); 'dependencies.dependency.version' for org.lib:b:jar is missing (line 90).",
    )
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, at) => missing(name, at))
    assert.match(maven.ofManifests?.(log(...many)) ?? '', /; and 2 more\.$/)
    const parent =
      'Non-resolvable parent POM for com.example:app:1: Could not find artifact org.lib:parent:pom:9 in drydock'
    assert.equal(maven.ofManifests?.(log(missing('a', 1), parent)), undefined)
    assert.equal(maven.ofManifests?.('[ERROR] COMPILATION ERROR'), undefined)
  })

  it('is in Maven’s own words', () => {
    const log = '[INFO] x\n[ERROR] Failed: Could not find artifact a:b:jar:1 in r\n[ERROR] -> [Help 1]\n'
    assert.equal(installReason(maven, log, 1), 'Could not find artifact a:b:jar:1 in r')
  })

  it('names the packages of a conflict', () => {
    assert.deepEqual([...conflicts(eresolve).keys()], ['react-dom', 'react'])
    assert.equal(conflicts('npm error code E404').size, 0)
  })
})
