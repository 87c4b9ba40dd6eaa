import { Event } from '../../../src/contract/events.ts'
import type { WhyItBroke } from '../../../src/contract/why.ts'
import type { SessionLog } from './log.ts'
import { waiting } from './sessions.ts'

const notes = `### ⚠ Breaking changes

- **client:** \`createClient\` takes one object ([#482](https://git.example.com/acme/http-client/issues/482))
- \`Response.json\` is a function that answers a promise, see the [guide](./docs/migrating.md)
- \`timeout\` is called \`timeoutMs\`

\`\`\`js
createClient({ baseUrl, timeoutMs: 5_000 })
\`\`\`

<script>alert('a stranger')</script> ![a picture](https://tracker.example.com/pixel.png)
`

export const whyFound: WhyItBroke = {
  failures: {
    list: [
      {
        ...{ step: 'build', command: 'npm run build', code: 'TS2559' },
        message: "Type 'string' has no properties in common with type 'ClientOptions'.",
        places: [{ file: 'src/catalogue.ts', line: 14 }],
        more: 0,
      },
      {
        ...{ step: 'test', command: 'npm test', code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' },
        message:
          'Package subpath \'./legacy\' is not defined by "exports" in node_modules/@acme/http-client/package.json',
        places: [
          { file: 'src/orders.ts', line: 2, test: 'test/orders.test.ts' },
          { file: 'src/orders.ts', line: 2, test: 'test/checkout.test.ts' },
          { file: 'src/stock.ts', line: 1, test: 'test/stock.test.ts' },
          { file: 'src/stock.ts', line: 1, test: 'test/returns.test.ts' },
        ],
        more: 3,
      },
    ],
    more: 0,
  },
  interface: {
    whole: [
      'module format: CommonJS (`require` works) → ES module only (`import`; `require` gives the namespace from Node 20.19 and 22.12 on)',
      'engines.node: >=12 → >=18',
    ],
    met: [
      {
        ...{ name: 'createClient', kind: 'changed' },
        text: 'changed createClient: was `createClient(baseUrl: string, options?: ClientOptions): Client`; now `createClient(options: ClientOptions): Client`',
        sites: [
          {
            path: 'src/catalogue.ts',
            line: 14,
            text: 'this.#client = createClient(baseUrl, { timeout, retries: 3 })',
          },
        ],
        more: 0,
      },
      {
        ...{ name: 'Response.json', kind: 'changed' },
        text: 'changed Response.json: was `json: unknown`; now `json(): Promise<unknown>`',
        sites: [
          { path: 'src/catalogue.ts', line: 20, text: 'return response.json as Product' },
          { path: 'src/orders.ts', line: 8, text: 'return response.json.id' },
        ],
        more: 2,
      },
    ],
    ...{ more: 0, unmet: 9, sites: [] },
  },
  changelog: {
    entries: [
      { version: '5.0.0', text: notes },
      { version: '4.9.0', text: '- `retry` may be an object.', cut: true },
    ],
    more: 2,
  },
  released: { from: '2025-11-02T08:00:00.000Z', to: '2026-02-17T16:30:00.000Z' },
  packages: {
    moves: [
      { name: '@acme/http-client', before: ['4.8.1'], after: ['5.0.0'] },
      { name: 'undici', before: ['6.21.0'], after: ['7.4.0'] },
      { name: 'node-fetch', before: ['2.7.0', '3.3.2'], after: [] },
      {
        ...{ name: 'tiny-native', before: [], after: ['1.2.0'] },
        scripts: [{ name: 'postinstall', command: 'node scripts/build.js --quiet' }],
      },
      { name: 'secure-json-parse', before: [], after: ['4.0.0'] },
    ],
    more: 0,
  },
}

/** A session that waits for review, whose log says why the update broke something. */
export function explained(id: string, why: WhyItBroke = whyFound): SessionLog {
  const log = waiting(id)
  const at =
    1 + log.events.findIndex((event) => event.type === 'report.made' && event.report.role === 'update')
  const { time = '' } = log.events[at - 1] ?? {}
  const added = Event.parse({ v: 1, seq: at + 1, time, type: 'why.found', ...why })
  const later = log.events.splice(at).map((event) => ({ ...event, seq: event.seq + 1 }))
  log.events.push(added, ...later)
  return log
}
