import { npmEcosystem } from '../../../src/runner/ecosystems/npm/index.ts'
import { serveNpm } from '../../../src/runner/registries/npm/serve.ts'
import type { EcosystemFixture } from '../ecosystemFixture.ts'
import { testRegistry } from '../registry.ts'

export const fixture: EcosystemFixture = {
  async open(cacheDir) {
    const registry = await testRegistry({ 'left-pad': { '1.0.0': {}, '1.3.0': {}, '2.0.0': {} } })
    const { host } = registry
    const served = { upstreams: host.upstreams, connection: host.connection, serve: serveNpm }
    return {
      opened: { ecosystem: npmEcosystem({ host, cacheDir }), served, digest: host.digest },
      asked: () => registry.requests.length,
      [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
    }
  },
  files: {
    'package.json': `${JSON.stringify({ name: 'app', version: '1.0.0', scripts: { test: 'node --test' }, dependencies: { 'left-pad': '1.3.0' } }, undefined, 2)}\n`,
  },
  package: 'left-pad',
  from: '1.3.0',
  to: '2.0.0',
  spec: 'left-pad@2.0.0',
  requests: {
    served: 'left-pad/-/left-pad-1.3.0.tgz',
    refused: ['-/v1/search', 'left-pad/-/right-pad-1.3.0.tgz', '../left-pad'],
  },
  failing: {
    log: 'TAP version 13\n# Subtest: pads\nnot ok 1 - pads\n  ---\n  error: wrong\n  ...\n1..1\n# tests 1\n# fail 1\n',
    files: {},
    test: 'pads',
  },
}
