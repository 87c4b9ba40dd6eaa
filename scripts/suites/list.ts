import { globSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Suite {
  readonly name: string
  /** Program and arguments, from the root of the project. */
  readonly command: readonly string[]
  /** Runs however little time there is. */
  readonly always: boolean
}

/** Where a file alone takes minutes; of other folders the whole is one suite. */
const oneByOne = ['cli', 'fleet', 'maven', 'npm', 'publish'].map((name) => `test/integration/${name}`)

/** The main job, what the agent is told, what a person approves by, and the cage: no day goes by without them. */
const everyDay = [
  'test/integration/maven/update.test.ts',
  'test/integration/cli/update.test.ts',
  'test/integration/publish/publish.test.ts',
  'test/integration/fleet/campaign.test.ts',
  'test/integration/panel',
  'test/integration/context',
  'test/integration/verify',
  'test/integration/repair',
  'test/integration/docker',
  'test/integration/cli/cancel.test.ts',
]
const editorEveryDay = ['review', 'missing', 'smoke', 'trust'].map((name) => `test/vscode/${name}.test.ts`)

const mocha = ['mocha', '--forbid-only', '--reporter', 'test/support/reporter.cjs', '--timeout', '600000']

/** All but the last one, which looks at what the others left. */
export function suites(root: string): readonly Suite[] {
  const of = (pattern: string) => globSync(pattern, { cwd: root }).sort()
  const editor = [...mocha, '--require', './test/support/vscode/rootHooks.ts']
  const otherEditor = of('test/vscode/*.test.ts').filter((file) => !editorEveryDay.includes(file))
  const files = of('test/integration/**/*.test.ts')
  const placeOf = (file: string) => (oneByOne.includes(dirname(file)) ? file : dirname(file))
  const integration = [...new Set(files.map(placeOf))].map((name) => ({
    name,
    command: [...mocha, ...files.filter((file) => placeOf(file) === name)],
    always: everyDay.includes(name),
  }))
  // The longest first: one that begins last keeps all others waiting.
  return [
    { name: 'test/vscode', command: [...editor, ...editorEveryDay], always: true },
    { name: 'red team', command: ['node', 'test/security/main.ts'], always: true },
    { name: 'test/unit', command: [...mocha, 'test/unit/**/*.test.ts'], always: true },
    { name: 'test/security', command: [...mocha, ...of('test/security/*.test.ts')], always: true },
    ...everyDay.flatMap((name) => integration.filter((suite) => suite.name === name)),
    { name: 'test/vscode, the rest', command: [...editor, ...otherEditor], always: false },
    ...integration.filter(({ always }) => !always),
  ]
}

/** Looks for the keys that the others handed out in all that they left. */
export const last: Suite = { name: 'test/last', command: [...mocha, 'test/last/*.test.ts'], always: true }

/** What runs every day, then the others: each day begins with the other half of them. */
export function byDay(all: readonly Suite[], day: number): readonly Suite[] {
  const others = all.filter(({ always }) => !always)
  const first = day % 2 === 0 ? 0 : Math.ceil(others.length / 2)
  return [...all.filter(({ always }) => always), ...others.slice(first), ...others.slice(0, first)]
}
