import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { DrydockError } from '../../src/contract/failure.ts'
import { openStore } from '../../src/runner/broker/store.ts'
import { detect } from '../../src/runner/ecosystems/npm/detect.ts'
import { install } from '../../src/runner/ecosystems/npm/install.ts'
import { openGitSource } from '../../src/runner/gitSource/gitSource.ts'
import type { HostPolicy } from '../../src/runner/gitSource/hosts.ts'
import { GitTrouble } from '../../src/runner/gitSource/remoteGit.ts'
import { openTarballSource } from '../../src/runner/gitSource/tarballSource.ts'
import { type Forge, startForge } from '../support/forge.ts'
import { git, makeRepository, temporaryFolder, writeFiles } from '../support/madeRepository.ts'
import { hostOf } from '../support/registry.ts'
import { treeOf } from '../support/tree.ts'

const host = hostOf([{ name: 'npm', url: 'https://registry.example.com/', headers: {} }])

/** A server that must not be asked, and what it was asked for. */
async function canary(location?: string) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (location === undefined) response.end('canary')
    else response.writeHead(302, { location: `${location}${request.url}` }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    asked,
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

describe('sources: what a repository can make the host fetch', () => {
  let forge: Forge
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  const policy = (more: Partial<HostPolicy> = {}): HostPolicy => ({ named: [forge.host], ...more })
  const limits = { maxBytes: 2_000_000, timeoutMs: 30_000 }
  const source = (given: HostPolicy, env: NodeJS.ProcessEnv = forge.env) =>
    openGitSource({
      ...{ policy: given, limits, root: folder.path, cacheDir: join(folder.path, 'cache') },
      env: { ...process.env, ...env },
    })
  const recipe = async (dependencies: Record<string, string>, given: HostPolicy) => {
    const tree = treeOf({ 'package.json': { name: 'fx', dependencies } })
    const project = await detect(tree)
    assert.ok(project)
    const tarballs = openTarballSource({ policy: given, ...host, cacheDir: join(folder.path, 'cache') })
    return await install(tree, project, 'write', host, { fetcher: { git: source(given), tarballs } })
  }
  const refused = (pattern: RegExp) => (error: unknown) =>
    error instanceof DrydockError &&
    pattern.test(`${error.failure.code} ${error.failure.message} ${error.failure.next}`)
  const entriesOf = async (integrity: string): Promise<readonly string[]> => {
    const bytes = await openStore(join(folder.path, 'cache', 'packages')).get(integrity)
    assert.ok(bytes)
    const extract = tar.extract()
    extract.end(gunzipSync(bytes))
    const names: string[] = []
    for await (const entry of extract) {
      names.push(`${entry.header.type} ${entry.header.name}`)
      entry.resume()
    }
    return names.filter((name) => !name.startsWith('directory'))
  }

  before(async () => {
    forge = await startForge()
    folder = await temporaryFolder()
    await git(folder.path, 'init', '-q')
  })
  after(async () => {
    await forge[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const inner = [
    'git+http://127.0.0.1:1/a/b.git',
    'git+https://localhost/a/b.git',
    'git+https://10.0.0.7/a/b.git',
    'git+https://[::1]/a/b.git',
    'git+https://169.254.169.254/latest/meta-data.git',
    'git+ssh://git@intranet/a/b.git',
    'git@git.corp.example.com:a/b.git',
    'git+https://0x7f000001/a/b.git',
    'git+https://github.com.evil.example.com/a/b.git',
    'git+https://codeberg.org:8443/a/b.git',
    'git+http://github.com@127.0.0.1:1/a.git',
    'http://169.254.169.254/latest/x.tgz',
    'https://intranet/x.tgz',
    'http://registry.example.com.evil.example.com/x.tgz',
  ]
  for (const text of inner)
    it(`a host of an inner network, or one that looks like a forge, is not asked: ${text}`, async () => {
      await assert.rejects(recipe({ a: text }, { named: [] }), refused(/registry-not-allowed.*--git-host/))
    })

  const odd = [
    'ext::sh -c id',
    'git+ext::sh -c id',
    'git+file:///etc',
    'file:///etc/passwd',
    'git+ssh://-oProxyCommand=id/a/b.git',
    'git+ssh://git@-oProxyCommand=id/a/b.git',
    'git+https://github.com/a/b.git#--upload-pack=id',
    'github:a/b#-x',
    'github:a/b#main..other',
    'github:a/b#main&path:/../../etc',
    'fd::17/foo',
    'transport::https://github.com/a/b',
  ]
  for (const text of odd)
    it(`no form but those that package managers know: ${text}`, async () => {
      await assert.rejects(recipe({ a: text }, policy()), refused(/registry-not-allowed/))
    })

  it('a named host is asked, its neighbour on another port is not', async () => {
    await using other = await canary()
    const commit = await forge.add('acme/named', { 'package.json': '{"name":"named","version":"1.0.0"}' })
    const made = await recipe({ named: `git+${forge.url}/acme/named.git` }, policy())
    assert.match([...made.pins.keys()].join(), /^\/source\/[0-9a-f]{40}\/package\.tgz$/)
    assert.match(made.warnings.map(({ message }) => message).join(), new RegExp(commit.slice(0, 12)))
    const neighbour = recipe({ named: `git+http://${other.host}/acme/named.git` }, policy())
    await assert.rejects(neighbour, refused(/registry-not-allowed/))
    assert.deepEqual(other.asked, [])
  })

  it('the remote’s own host is asked', async () => {
    await forge.add('acme/own', { 'package.json': '{"name":"own","version":"1.0.0"}' })
    const own = { named: [], remote: `${forge.url}/team/app.git` }
    assert.equal((await recipe({ own: `git+${forge.url}/acme/own.git` }, own)).pins.size, 1)
  })

  it('a redirect to another host is not followed, by git or for a tarball', async () => {
    await forge.add('acme/moved', { 'package.json': '{"name":"moved","version":"1.0.0"}' })
    await using target = await canary()
    await using redirecting = await canary(`http://${target.host}`)
    const named = { named: [redirecting.host] }
    const byGit = source(named).commit(`http://${redirecting.host}/acme/moved.git`, {})
    await assert.rejects(byGit, GitTrouble)
    const tarball = recipe({ a: `http://${redirecting.host}/x.tgz` }, named)
    await assert.rejects(tarball, refused(/redirected to 127\.0\.0\.1/))
    assert.ok(redirecting.asked.length >= 2)
    assert.deepEqual(target.asked, [])
  })

  it('nobody’s credentials go to a host that is only a forge', async () => {
    const headers: string[] = []
    const server = createServer((request, response) => {
      headers.push(JSON.stringify(request.headers))
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const home = join(folder.path, 'home')
    const helper = '!f() { echo username=u; echo password=canary-secret; }; f'
    await writeFiles(home, {
      '.gitconfig': `[url "http://127.0.0.1:${port}/"]\n\tinsteadOf = https://github.com/\n[http]\n\textraheader = "X-Canary: canary-secret"\n[credential]\n\thelper = "${helper}"\n`,
    })
    try {
      const asking = source({ named: [] }, { HOME: home, GITHUB_TOKEN: 'canary-secret' })
      await assert.rejects(asking.commit('https://github.com/acme/private.git', {}), GitTrouble)
      assert.ok(headers.length > 0)
      assert.doesNotMatch(headers.join(), /canary-secret|authorization/i)
    } finally {
      server.close()
    }
  })

  it('a redirection in the user’s git configuration leads to no program and no file', async () => {
    const home = join(folder.path, 'home2')
    const local = join(forge.path, 'acme')
    await writeFiles(home, {
      '.gitconfig': `[url "file://${local}/"]\n\tinsteadOf = https://github.com/acme/\n[protocol "file"]\n\tallow = always\n[protocol "ext"]\n\tallow = always\n`,
    })
    await forge.add('acme/local', { 'package.json': '{"name":"local"}' })
    await assert.rejects(
      source({ named: [] }, { HOME: home }).commit('https://github.com/acme/local.git', {}),
      (error) => error instanceof GitTrouble && /not allowed/.test(error.message),
    )
  })

  it('links, submodules and hooks of a repository do nothing, and nothing of it is checked out', async () => {
    const work = join(folder.path, 'odd')
    const mark = join(folder.path, 'CANARY')
    await makeRepository(work, {
      'package.json': '{"name":"odd","version":"1.0.0"}',
      link: { link: '/etc/passwd' },
      inside: { link: 'package.json' },
      '.gitattributes': '* filter=evil export-subst\n',
      '.gitmodules': `[submodule "m"]\n\tpath = m\n\turl = ${forge.url}/acme/named.git\n`,
      'run.sh': { executable: '#!/bin/sh\n' },
    })
    const head = await git(work, 'rev-parse', 'HEAD')
    await git(work, 'update-index', '--add', '--cacheinfo', `160000,${head},m`)
    await git(work, 'commit', '-q', '-m', 'a submodule')
    await git(folder.path, 'clone', '-q', '--bare', work, join(forge.path, 'acme/odd.git'))
    for (const hook of ['post-checkout', 'reference-transaction', 'post-merge'])
      await writeFile(join(forge.path, 'acme/odd.git/hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, {
        mode: 0o755,
      })
    const commit = await git(work, 'rev-parse', 'HEAD')
    const packed = await source(policy()).pack(`${forge.url}/acme/odd.git`, commit)
    assert.deepEqual([...packed.leftOut].sort(), ['inside', 'link', 'm'])
    assert.deepEqual(await entriesOf(packed.integrity), [
      'file package/.gitattributes',
      'file package/.gitmodules',
      'file package/package.json',
      'file package/run.sh',
    ])
    assert.ok(!(await readdir(folder.path)).includes('CANARY'))
    const left = await readdir(join(folder.path, 'cache', 'git'))
    assert.ok(
      left.every((name) => name.endsWith('.json')),
      `only records stay: ${left.join(', ')}`,
    )
  })

  it('a repository that is no package is packed for its files, as yarn and pnpm take it', async () => {
    const commit = await forge.add('acme/charts', { 'chart.yaml': 'a: 1\n' })
    const packed = await source(policy()).pack(`${forge.url}/acme/charts.git`, commit)
    assert.deepEqual(JSON.parse(packed.manifest), { name: 'charts', version: '0.0.0' })
    assert.deepEqual(await entriesOf(packed.integrity), [
      'file package/package.json',
      'file package/chart.yaml',
    ])
    const inside = source(policy()).pack(`${forge.url}/acme/charts.git`, commit, 'sub')
    await assert.rejects(inside, (error: unknown) => error instanceof GitTrouble)
  })

  it('a repository that is too large is given up, in transfer and in what it would unpack to', async () => {
    const noise = Buffer.alloc(6_000_000)
    for (let at = 0; at < noise.length; at += 4) noise.writeUInt32LE(Math.floor(Math.random() * 2 ** 32), at)
    const large = await forge.add('acme/large', { 'package.json': '{"name":"large"}', 'noise.bin': noise })
    const tooLarge = (error: unknown) =>
      error instanceof GitTrouble && /larger than|too much/.test(error.message)
    await assert.rejects(source(policy()).pack(`${forge.url}/acme/large.git`, large), tooLarge)
    const zeros = await forge.add('acme/zeros', {
      'package.json': '{"name":"zeros"}',
      zeros: Buffer.alloc(6_000_000),
    })
    await assert.rejects(source(policy()).pack(`${forge.url}/acme/zeros.git`, zeros), tooLarge)
  })

  it('a server that never answers is given up', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const asking = openGitSource({
      ...{ policy: { named: [`127.0.0.1:${port}`] }, limits: { ...limits, timeoutMs: 500 } },
      ...{ root: folder.path, cacheDir: join(folder.path, 'cache'), env: process.env },
    })
    await assert.rejects(
      asking.commit(`http://127.0.0.1:${port}/a/b.git`, {}),
      (error) => error instanceof GitTrouble && /did not answer/.test(error.message),
    )
    silent.closeAllConnections()
    silent.close()
  })

  it('a tarball that is not what the lock file says is refused', async () => {
    await using server = await canary()
    const url = `http://${server.host}/x.tgz`
    const entry = {
      version: '1.0.0',
      resolved: url,
      integrity: `sha512-${Buffer.alloc(64).toString('base64')}`,
    }
    const tree = treeOf({
      'package.json': { name: 'fx', dependencies: { x: url } },
      'package-lock.json': {
        lockfileVersion: 3,
        packages: { '': { dependencies: { x: url } }, 'node_modules/x': entry },
      },
    })
    const project = await detect(tree)
    assert.ok(project)
    const given = { named: [server.host] }
    const tarballs = openTarballSource({ policy: given, ...host, cacheDir: join(folder.path, 'cache') })
    const made = install(tree, project, 'frozen', host, { fetcher: { git: source(given), tarballs } })
    await assert.rejects(made, refused(/not those that the lock file names/))
  })

  it('what cannot be had is named with who needs it, and left out only where it may be', async () => {
    const gone = { gone: `git+${forge.url}/acme/gone.git#v1` }
    const planned = async (manifest: object, allowMissing: boolean) => {
      const tree = treeOf({ 'package.json': { name: 'fx', ...manifest } })
      const project = await detect(tree)
      assert.ok(project)
      const tarballs = openTarballSource({ policy: policy(), ...host, cacheDir: join(folder.path, 'cache') })
      return await install(tree, project, 'write', host, {
        fetcher: { git: source(policy()), tarballs, allowMissing },
      })
    }
    const needed = refused(/install-failed gone, which package\.json takes from .*not found/)
    await assert.rejects(planned({ dependencies: gone }, true), needed)
    await assert.rejects(planned({ optionalDependencies: gone }, false), refused(/--allow-missing/))
    const made = await planned({ optionalDependencies: gone }, true)
    assert.deepEqual(
      made.warnings.map(({ code }) => code),
      ['source-missing:gone'],
    )
    assert.equal(made.pins.size, 1)
  })
})
