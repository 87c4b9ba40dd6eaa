import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { templateEcosystem } from '../../../src/runner/ecosystems/_template/index.ts'
import { serveTemplate } from '../../../src/runner/registries/_template/serve.ts'
import type { EcosystemFixture } from '../ecosystemFixture.ts'
import { connection } from '../registry.ts'

const packages: Readonly<Record<string, readonly string[]>> = { greeting: ['1.0.0', '1.1.0', '2.0.0'] }

export const fixture: EcosystemFixture = {
  async open() {
    let asked = 0
    const server = createServer(({ url = '' }, response) => {
      asked += 1
      const [, name = '', version] = url.split('/')
      const versions = packages[name] ?? []
      if (version === undefined && versions.length > 0) response.end(versions.join('\n'))
      else if (version !== undefined && versions.includes(version)) response.end(`${name} ${version}\n`)
      else response.writeHead(404).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const upstreams = [{ name: '_template', url, headers: {} }] as const
    const host = { upstreams, connection, digest: 'test' }
    return {
      opened: {
        ecosystem: templateEcosystem(host),
        served: { upstreams, connection, serve: serveTemplate },
        digest: host.digest,
      },
      asked: () => asked,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      },
    }
  },
  files: {
    'vendor.txt': '# what is greeted with\ngreeting 1.0.0\n',
    'check.sh':
      'grep -q "greeting 1" vendor/greeting.txt && echo passed greets || echo failed greets: other words\n',
  },
  package: 'greeting',
  from: '1.0.0',
  to: '2.0.0',
  spec: 'greeting@2.0.0',
  requests: { served: 'greeting/1.0.0', refused: ['greeting', '../greeting/1.0.0', 'greeting/1.0.0/more'] },
  failing: { log: 'passed counts\nfailed greets: other words\n', files: {}, test: 'greets' },
}
