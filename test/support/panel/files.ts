import type { Files } from '../patches.ts'

/* A small shop before and after an update of its HTTP client. */

const lines = (...text: string[]): string => text.map((line) => `${line}\n`).join('')

const manifest = (version: string): string =>
  `${JSON.stringify({ name: 'storefront', version: '2.3.0', type: 'module', scripts: { build: 'tsc -p .', test: 'mocha', lint: 'eslint .' }, dependencies: { '@acme/http-client': version, express: '^5.1.0' } }, null, 2)}\n`

const lock = (version: string): string =>
  lines(
    '{',
    '  "name": "storefront",',
    '  "lockfileVersion": 3,',
    '  "packages": {',
    '    "node_modules/@acme/http-client": {',
    `      "version": "${version}",`,
    `      "resolved": "https://registry.example.com/@acme/http-client/-/http-client-${version}.tgz",`,
    `      "integrity": "sha512-${version.startsWith('4') ? 'q8n4Vb1' : 'Zt07hYc'}kq0xN5nYwq3T2m0w==",`,
    `      "engines": { "node": ">=${version.startsWith('4') ? '16' : '20'}" }`,
    '    },',
    '    "node_modules/express": {',
    '      "version": "5.1.0"',
    '    }',
    '  }',
    '}',
  )

const catalogueBefore = lines(
  "import { createClient, type Client } from '@acme/http-client'",
  "import type { Product } from './product.ts'",
  '',
  'export interface CatalogueOptions {',
  '  readonly baseUrl: string',
  '  readonly timeout?: number',
  '}',
  '',
  '/** The products that the shop sells, read from the warehouse. */',
  'export class Catalogue {',
  '  readonly #client: Client',
  '',
  '  constructor({ baseUrl, timeout = 5_000 }: CatalogueOptions) {',
  '    this.#client = createClient(baseUrl, { timeout, retries: 3 })',
  '  }',
  '',
  '  async find(id: string): Promise<Product | undefined> {',
  "    const response = await this.#client.get('/products/' + id)",
  '    if (response.status === 404) return undefined',
  '    return response.json as Product',
  '  }',
  '',
  '  /** All products, a page at a time. */',
  '  async *all(): AsyncGenerator<Product> {',
  '    let page = 1',
  '    for (;;) {',
  "      const response = await this.#client.get('/products?page=' + page)",
  '      const products = response.json as Product[]',
  '      if (products.length === 0) return',
  '      yield* products',
  '      page += 1',
  '    }',
  '  }',
  '}',
)

const catalogueAfter = catalogueBefore
  .replace(
    'createClient(baseUrl, { timeout, retries: 3 })',
    'createClient({ baseUrl, timeoutMs: timeout, retry: { limit: 3 } })',
  )
  .replace('return response.json as Product', 'return (await response.json()) as Product')
  .replace(
    'const products = response.json as Product[]',
    'const products = (await response.json()) as Product[]',
  )

const ordersBefore = lines(
  "import { createClient, HttpError } from '@acme/http-client'",
  '',
  "const client = createClient(process.env.ORDERS_URL ?? '')",
  '',
  'export async function placeOrder(order: Order): Promise<string> {',
  '  try {',
  "    const response = await client.post('/orders', order)",
  '    return response.json.id',
  '  } catch (error) {',
  '    if (error instanceof HttpError && error.code === 409) return existing(order)',
  '    throw error',
  '  }',
  '}',
)

const ordersAfter = ordersBefore
  .replace(
    "createClient(process.env.ORDERS_URL ?? '')",
    "createClient({ baseUrl: process.env.ORDERS_URL ?? '' })",
  )
  .replace("client.post('/orders', order)", "client.post('/orders', { json: order })")
  .replace('return response.json.id', 'return (await response.json()).id')
  .replace('error.code === 409', 'error.status === 409')

const testBefore = lines(
  "import assert from 'node:assert/strict'",
  "import { Catalogue } from '../src/catalogue.ts'",
  '',
  "describe('Catalogue', () => {",
  "  it('finds a product', async () => {",
  '    const catalogue = new Catalogue({ baseUrl: server.url })',
  "    assert.equal((await catalogue.find('p1'))?.name, 'Anchor')",
  '  })',
  '})',
)

export const before: Files = {
  'package.json': manifest('^4.8.1'),
  'package-lock.json': lock('4.8.1'),
  'src/catalogue.ts': catalogueBefore,
  'src/orders.ts': ordersBefore,
  'test/catalogue.test.ts': testBefore,
  '.github/workflows/ci.yml': lines(
    'name: ci',
    'on: [push]',
    'jobs:',
    '  test:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/setup-node@v4',
    '        with: { node-version: 18 }',
    '      - run: npm ci',
    '      - run: npm test',
  ),
}

/** What the package manager itself changes. */
export const updated: Files = {
  ...before,
  'package.json': manifest('^5.0.0'),
  'package-lock.json': lock('5.0.0'),
}

export const repaired: Files = {
  ...updated,
  'src/catalogue.ts': catalogueAfter,
  'src/orders.ts': ordersAfter,
}

/** Repaired, and more than was asked for. */
export const overreaching: Files = {
  ...repaired,
  '.github/workflows/ci.yml': (before['.github/workflows/ci.yml'] ?? '').replace(
    'node-version: 18',
    'node-version: 20',
  ),
  'test/catalogue.test.ts': testBefore.replace("it('finds", "it.skip('finds"),
}
