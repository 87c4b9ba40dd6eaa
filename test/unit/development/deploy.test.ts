import { deepEqual, match, ok } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFile(join(root, path), 'utf8')

interface Composed {
  readonly services: Readonly<
    Record<string, { command: string[]; environment?: Record<string, string | null> }>
  >
}

describe('what a fleet is set up with', () => {
  it('starts Redis so that a restart loses nothing, and workers with options and variables that there are', async () => {
    const { services } = parse(await read('deploy/docker-compose.yml')) as Composed
    match(services.redis?.command.join(' ') ?? '', /--appendonly yes --maxmemory-policy noeviction/)
    const program = await read('src/runner/commands/fleet/program.ts')
    const helm = await read('deploy/helm/drydock-worker/templates/statefulset.yaml')
    const options = [
      ...(services.worker?.command ?? []),
      ...(/args: \[fleet.*\]/.exec(helm)?.[0].split(/[ ,]+/) ?? []),
    ]
    const flags = options.filter((word) => word.startsWith('--'))
    ok(flags.length >= 3)
    for (const flag of flags) match(program, new RegExp(`'${flag} <`))
    const source = `${await read('src/runner/commands/fleet/queued.ts')}${await read('src/runner/fleet/store/open.ts')}`
    for (const name of Object.keys(services.worker?.environment ?? {}).filter((name) =>
      name.startsWith('DRYDOCK_'),
    ))
      match(source, new RegExp(name))
  })

  it('holds no key, and opens nothing beyond this machine', async () => {
    const text = await read('deploy/docker-compose.yml')
    const { services } = parse(text) as Composed
    const { ANTHROPIC_API_KEY, GITHUB_TOKEN } = services.worker?.environment ?? {}
    deepEqual([ANTHROPIC_API_KEY, GITHUB_TOKEN], [null, null])
    for (const [, ports = ''] of text.matchAll(/ports: \[(.*)\]/g)) match(ports, /^'127\.0\.0\.1:/)
  })
})
