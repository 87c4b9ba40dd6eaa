import type { Warning } from '../../contract/verdict.ts'
import { scriptTestWarnings } from '../languages/javascript/testFiles.ts'
import { acknowledge, type Change, code, count, rise, stem, tally } from './change.ts'

const declared =
  /(?<![.\w])(?:it|test|specify|xit|xtest|fit)(?:\.(?!describe)\w+(?:\([^()]{0,200}\))?){0,4}\s*[(`]|@(?:Parameterized|Repeated)?Test\b|@Test(?:Factory|Template)\b|\bdef\s+test_|\bfunc\s+Test[A-Z]|#\[(?:\w+::)?test\]/g

/** Of languages whose tests may stand beside the code. */
const besideCode = /#\[ignore|\bt\.Skip(?:Now|f)?\(/g

/** Ways to keep a test from running, in the test's own text. */
const skips: readonly (readonly [string, RegExp])[] = [
  ['skip', /(?<![.\w])(?:it|test|describe|suite|context|specify)(?:\.\w+)*\.skip(?:If)?\b/g],
  ['skip', /(?<![.\w])(?:xit|xtest|xdescribe|xcontext|xspecify)\b\s*[(.]/g],
  ['skip', /\b(?:t|ctx|context|this|tc)\.(?:skip|pending)\w*\s*\(|(?<![.\w])pending\s*\(/g],
  ['only', /(?<![.\w])(?:it|test|describe|suite|context|specify)(?:\.\w+)*\.(?:only|runIf)\b/g],
  ['only', /(?<![.\w])(?:fit|ftest|fdescribe|fcontext)\b\s*[(.]/g],
  ['todo', /(?<![.\w])(?:it|test|describe|suite)(?:\.\w+)*\.todo\b|\b(?:t|ctx)\.todo\s*\(/g],
  ['expected failure', /(?<![.\w])(?:it|test)(?:\.\w+)*\.(?:fails|failing|fail)\b/g],
  ['option', /[{,]\s*(?:skip|todo|only|fails|expectFailure)\s*(?::\s*(?!false\b|undefined\b)|(?=[,}]))/g],
  ['early return', /^\s*return\s*;?\s*$/gm],
  ['dead branch', /\bif\s*\(\s*(?:false|0|!1)\s*\)|\bfalse\s*&&/g],
  ['retry', /\b(?:retry|retries|retryTimes)\s*[:(]/g],
  [
    'skip',
    /@(?:pytest\.mark\.(?:skip|xfail)\w*|unittest\.(?:skip|expectedFailure)\w*)|\b(?:pytest\.skip|SkipTest)\b/g,
  ],
  ['skip', besideCode],
  // An annotation may be written with its package.
  ['skip', /@(?:\w+\.)*(?:Disabled|Ignore|Enabled(?:If|On|For))\w*/g],
  ['skip', /@(?:\w+\.)*Test\s*\([^)\n]{0,200}\benabled\s*=\s*false/g],
  ['tag', /@(?:\w+\.)*(?:Tag|Tags|Category)\s*\(/g],
  ['retry', /@(?:\w+\.)*(?:Retry\w*|RepeatedIfExceptions\w*|Flaky\w*)/g],
  [
    'any failure expected',
    /\bexpected\s*=\s*(?:Throwable|Exception|RuntimeException|Error|AssertionError)\.class/g,
  ],
  ['skip', /\bassume(?:True|False|That|NotNull|NoException)\s*\(/g],
]

const assertion =
  /(?<![.\w])(?:expect|assert)(?:\.\w+)*\s*\(|\.should\b|\bt\.(?!test\b|skip|todo|before|after|mock|plan)\w+\(|(?<!function )\bassert[A-Z]\w*\s*\(|(?<![.\w])(?:Mockito\.)?verify(?:No\w+|Zero\w+)?\s*\((?=[^)\n]{0,200}\)\s{0,9}[.;])|^\s*assert\s/gm
/** Assertions that hold for nearly everything. */
const weak =
  /\.(?:toBeDefined|toBeTruthy|toBeFalsy|not\.toBeNull|not\.toBeUndefined|not\.toThrow\w*)\(|expect\.any(?:thing)?\(|(?<![.\w])assert(?:\.ok)?\(\s*(?:true|1)\s*[,)]|expect\(\s*(true|false|1|null|undefined)\s*\)|assert(?:True\(\s*true|False\(\s*false)|\bassert(?:NotNull|DoesNotThrow)\s*\(|\.isNotNull\(\)|\bassert(?:Throws|ThrowsExactly)\(\s*(?:Throwable|Exception|RuntimeException|Error)\.class/g

/** Ways to make the test kit itself say yes. */
const harness: readonly (readonly [string, RegExp])[] = [
  [
    'replaces a global of the test kit',
    /\b(?:globalThis|global|window|self)\s*(?:\.|\[\s*['"`])(?:expect|assert|chai|should|it|test|describe|suite|before|after|beforeEach|afterEach|jest|vi|process)\b['"`\]\s]*=(?![=>])|^\s*(?:expect|assert|it|test|describe)\s*=(?![=>])/gm,
  ],
  ['defines globals', /\bObject\.(?:defineProperty|defineProperties|assign)\(\s*(?:globalThis|global)\b/g],
  [
    'replaces an assertion',
    /\b(?:assert|expect|chai|Assertion)(?:\.\w+)+\s*=(?![=>])|\bexpect\.extend\s*\(/g,
  ],
  ['says that it ended well', /\bprocess\.exitCode\s*=\s*0\b|\bprocess\.(?:exit|reallyExit)\(\s*0?\s*\)/g],
  [
    'replaces modules',
    /\bModule\.(?:_load|_resolveFilename|_extensions|prototype)\b|\brequire\.cache\b|\bregisterHooks\s*\(/g,
  ],
]
const testOnly: readonly (readonly [string, RegExp])[] = [
  [
    'ends the process',
    /\bprocess\.(?:exit|reallyExit|kill|abort)\s*\(|\bprocess\.exitCode\s*=|\bprocess\.(?:on|once|prependListener)\(\s*['"`](?:exit|beforeExit|uncaughtException|unhandledRejection)/g,
  ],
  ['ends the process', /\bSystem\.exit\s*\(|\bRuntime\.getRuntime\(\)\.(?:exit|halt)\s*\(/g],
  [
    'mocks a module of the project',
    /\b(?:jest|vi|mock)\.(?:mock|doMock|module|unstable_mockModule)\(\s*(?:import\(\s*)?['"`]\.{1,2}\//g,
  ],
]
/** The code under test must not know that it is tested. */
const aware =
  /\bprocess\.env(?:\.|\[['"`])(?:CI|VITEST\w*|JEST_WORKER_ID|MOCHA\w*|npm_lifecycle_\w+|NODE_TEST_CONTEXT|NODE_V8_COVERAGE|DRYDOCK\w*)\b|NODE_ENV\b[^\n]{0,20}['"`]test|\bimport\.meta\.(?:vitest|env\.(?:MODE|VITEST))\b|"(?:surefire|failsafe)\.[\w.]+"|"org\.(?:junit|testng|mockito)[\w.]*"|"(?:java\.class\.path|sun\.java\.command)"|\btypeof\s+(?:describe|it|test|expect|jest|vi|mocha|beforeEach)\b|\bprocess\.argv\b[^\n]{0,80}\b(?:mocha|jest|vitest|ava|tap)\b/g

function risen(
  change: Change,
  patterns: readonly (readonly [string, RegExp])[],
): (readonly [string, number])[] {
  const rises = new Map<string, number>()
  for (const [name, pattern] of patterns)
    rises.set(name, (rises.get(name) ?? 0) + Math.max(0, rise(change, pattern)))
  return [...rises].filter(([, number]) => number > 0)
}

/** Tests that a file of the same name took over, as a test file that changes its extension. */
function takenOver(change: Change, changes: readonly Change[]): number {
  const heirs = changes.filter(
    (other) => other.before === undefined && other.role === 'test' && stem(other.path) === stem(change.path),
  )
  return heirs.reduce((sum, heir) => sum + count(code(heir).after, declared), 0)
}

function lossWarnings(change: Change, changes: readonly Change[]): Warning[] {
  const { path } = change
  const bare = code(change)
  const [old, now] = [count(bare.before, declared), count(bare.after, declared) + takenOver(change, changes)]
  if (change.after === undefined && (old === 0 || now < old)) {
    return [acknowledge(`test-deleted:${path}`, path, `${path} is deleted, with ${old} tests.`)]
  }
  if (now < old) {
    return [acknowledge(`tests-removed:${path}`, path, `${path} has ${old - now} tests fewer.`)]
  }
  if (change.before === undefined || change.after === undefined) return []
  const lost = -rise(bare, assertion)
  const strong = (text: string | undefined) => count(text, assertion) - count(text, weak)
  if (lost > 0) {
    return [acknowledge(`assertions-removed:${path}`, path, `${path} has ${lost} assertions fewer.`)]
  }
  if (rise(bare, weak) > 0 && strong(bare.after) < strong(bare.before)) {
    return [acknowledge(`assertions-weakened:${path}`, path, `${path} asserts less than it did.`)]
  }
  return []
}

/** What the text of a test file shows; `read` are those that were read by their syntax. */
function testFileWarnings(change: Change, changes: readonly Change[], read: ReadonlySet<string>): Warning[] {
  const { path } = change
  if (/\.snap(shot)?$/.test(path)) return []
  const skipped = read.has(path) ? [] : risen(code(change), skips)
  const tricks = risen(code(change), testOnly)
  const helper = change.after === undefined && count(change.before, declared) === 0
  return [
    ...(change.before === undefined || (read.has(path) && !helper) ? [] : lossWarnings(change, changes)),
    ...(skipped.length === 0
      ? []
      : [
          acknowledge(`tests-skipped:${path}`, path, `${path} keeps tests from counting: ${tally(skipped)}.`),
        ]),
    ...(tricks.length === 0
      ? []
      : [acknowledge(`harness:${path}`, path, `${path} ${tricks.map(([name]) => name).join(', ')}.`)]),
  ]
}

/** Tests that go, are skipped or say less, and code that bends the test kit. */
export function testWarnings(changes: readonly Change[]): Warning[] {
  const scripts = scriptTestWarnings(changes)
  const texts = changes.flatMap((change) => {
    const { path, role } = change
    if (role === 'docs' || role === 'lockfile') return []
    const bent = risen(code(change), harness)
    const hidden = role === 'source' && rise(code(change), besideCode) > 0
    const knows = role === 'source' && rise(code(change), aware) > 0
    return [
      ...(role === 'test' ? testFileWarnings(change, changes, scripts.read) : []),
      ...(bent.length === 0
        ? []
        : [acknowledge(`harness:${path}`, path, `${path} ${bent.map(([name]) => name).join(', ')}.`)]),
      ...(hidden ? [acknowledge(`tests-skipped:${path}`, path, `${path} keeps tests from counting.`)] : []),
      ...(knows ? [acknowledge(`test-aware:${path}`, path, `${path} asks whether it is being tested.`)] : []),
    ]
  })
  return [...scripts.warnings, ...texts]
}
