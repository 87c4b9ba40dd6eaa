import assert from 'node:assert/strict'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { openBareRepository } from '../../../../src/runner/git/bareRepository.ts'
import { signingOf } from '../../../../src/runner/git/userSigning.ts'
import { git, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
const ada = { name: 'Ada', email: 'ada@example.com' }

async function repositoryIn(folder: string) {
  const root = join(folder, 'user')
  const base = await makeRepository(root, { 'a.txt': 'a\n' })
  const repository = await openBareRepository({ dir: join(folder, 'repo.git'), source: root, env })
  return { root, base, repository }
}

const failed = (why: RegExp) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === 'signing-failed' && why.test(error.failure.message)

/** A home with a certificate of Ada's that gpgsm trusts; its fingerprint. */
async function certificateIn(
  folder: string,
  env: { readonly GNUPGHOME: string; readonly PATH: string | undefined },
) {
  const [key, certificate, both] = ['k.pem', 'c.pem', 'k.p12'].map((name) => join(folder, name))
  await mkdir(env.GNUPGHOME, { mode: 0o700 })
  await writeFile(join(env.GNUPGHOME, 'gpgsm.conf'), 'disable-crl-checks\n')
  const names = ['-subj', `/CN=Ada/emailAddress=${ada.email}`, '-addext', `subjectAltName=email:${ada.email}`]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', ...names]
  await execa('openssl', [...made, '-keyout', String(key), '-out', String(certificate)])
  const packed = ['pkcs12', '-export', '-legacy', '-inkey', String(key), '-in', String(certificate)]
  await execa('openssl', [...packed, '-passout', 'pass:', '-out', String(both)])
  const quiet = ['--batch', '--yes', '--pinentry-mode', 'loopback', '--passphrase-fd', '0']
  await execa('gpgsm', [...quiet, '--import', String(both)], { env, input: '' })
  const { stdout } = await execa('gpgsm', ['--with-colons', '--list-secret-keys'], { env })
  const fingerprint = /^fpr:{9}([0-9A-F]{40}):/m.exec(stdout)?.[1] ?? ''
  await writeFile(join(env.GNUPGHOME, 'trustlist.txt'), `${fingerprint} S\n`)
  return fingerprint
}

describe('a signed commit', () => {
  it('is made with the user’s own ssh key, and git itself verifies it', async () => {
    await using folder = await temporaryFolder()
    const { root, base, repository } = await repositoryIn(folder.path)
    const key = join(folder.path, 'key')
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', ada.email, '-f', key])
    await git(root, 'config', 'gpg.format', 'ssh')
    await git(root, 'config', 'user.signingkey', `${key}.pub`)
    assert.equal(await signingOf(root, env), undefined, 'only where git signs by itself')
    await git(root, 'config', 'commit.gpgsign', 'true')
    const signing = await signingOf(root, env)
    assert.ok(signing !== undefined)
    const commit = await repository.commit(`${base}^{tree}`, base, 'Signed\n', ada, signing)
    const { stdout } = await execa('ssh-keygen', ['-y', '-f', key])
    const allowed = join(folder.path, 'allowed')
    await writeFile(allowed, `${ada.email} ${stdout}\n`)
    const config = ['-c', `gpg.ssh.allowedSignersFile=${allowed}`]
    const verified = await execa('git', ['--git-dir', repository.dir, ...config, 'verify-commit', commit])
    assert.match(verified.stderr, /Good "git" signature for ada@example\.com/)
    assert.equal(
      await git(repository.dir, 'log', '-1', '--format=%an <%ae> %cn', commit),
      'Ada <ada@example.com> Ada',
    )
  })

  it('is made with the user’s own openpgp key', async function () {
    const there = await execa('gpg', ['--version'], { reject: false })
    if (there.exitCode !== 0) this.skip()
    await using folder = await temporaryFolder()
    const { root, base, repository } = await repositoryIn(folder.path)
    const home = join(folder.path, 'g')
    await mkdir(home, { mode: 0o700 })
    const own = { ...env, GNUPGHOME: home }
    await execa(
      'gpg',
      ['--batch', '--passphrase', '', '--quick-gen-key', `Ada <${ada.email}>`, 'ed25519', 'sign'],
      { env: own },
    )
    await git(root, 'config', 'commit.gpgsign', 'true')
    const keyed = await openBareRepository({ dir: repository.dir, source: root, env: own })
    const signing = await signingOf(root, own)
    const commit = await keyed.commit(`${base}^{tree}`, base, 'Signed\n', ada, signing)
    const verified = await execa('git', ['--git-dir', repository.dir, 'verify-commit', commit], { env: own })
    assert.match(verified.stderr, /Good signature/)
    await execa('gpgconf', ['--kill', 'all'], { env: own, reject: false })
  })

  it('is made with the user’s own certificate (x509), and one whose key asks a person waits no longer than that', async function () {
    for (const program of ['gpgsm', 'openssl']) {
      const there = await execa(program, ['version', '--version'], { reject: false })
      if (there.code === 'ENOENT') this.skip()
    }
    await using folder = await temporaryFolder()
    const { root, base, repository } = await repositoryIn(folder.path)
    const own = { ...env, GNUPGHOME: join(folder.path, 'g') }
    await git(root, 'config', 'gpg.format', 'x509')
    await git(root, 'config', 'commit.gpgsign', 'true')
    await git(root, 'config', 'user.signingkey', `0x${await certificateIn(folder.path, own)}`)
    const keyed = await openBareRepository({ dir: repository.dir, source: root, env: own })
    const signing = await signingOf(root, own)
    const commit = await keyed.commit(`${base}^{tree}`, base, 'Signed\n', ada, signing)
    const config = ['-c', 'gpg.format=x509']
    const verified = await execa('git', ['--git-dir', repository.dir, ...config, 'verify-commit', commit], {
      env: own,
    })
    assert.match(verified.stderr, /Good signature from "\/CN=Ada/)

    assert.ok(signing !== undefined)
    const asking = join(folder.path, 'asking')
    await writeFile(asking, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 })
    await git(root, 'config', 'gpg.x509.program', asking)
    const patient = { ...(await signingOf(root, own)), patienceMs: 300 } as typeof signing
    await assert.rejects(
      keyed.commit(`${base}^{tree}`, base, 'Signed\n', ada, patient),
      failed(/x509.* did not answer within 1 s/),
    )
    await git(root, 'config', '--unset', 'gpg.x509.program')
    await git(root, 'config', 'user.signingkey', `0x${'0'.repeat(40)}`)
    await assert.rejects(
      keyed.commit(`${base}^{tree}`, base, 'Signed\n', ada, await signingOf(root, own)),
      failed(/x509.*(failed to sign|No public key)/i),
    )
    await execa('gpgconf', ['--kill', 'all'], { env: own, reject: false })
  })

  it('that the key does not answer for, or that cannot be made, has a name and a next step', async () => {
    await using folder = await temporaryFolder()
    const { root, base, repository } = await repositoryIn(folder.path)
    const slow = join(folder.path, 'slow')
    await writeFile(slow, '#!/bin/sh\nexec sleep 60\n')
    await chmod(slow, 0o755)
    await git(root, 'config', 'commit.gpgsign', 'true')
    await git(root, 'config', 'gpg.program', slow)
    const signing = await signingOf(root, env)
    assert.ok(signing !== undefined)
    const waits = repository.commit(`${base}^{tree}`, base, 'Signed\n', ada, { ...signing, patienceMs: 300 })
    await assert.rejects(waits, failed(/openpgp.* did not answer within 1 s/))
    await git(root, 'config', 'gpg.format', 'ssh')
    await git(root, 'config', 'user.signingkey', join(folder.path, 'no-such-key'))
    const wrong = await signingOf(root, env)
    await assert.rejects(
      repository.commit(`${base}^{tree}`, base, 'Signed\n', ada, wrong),
      failed(/ssh.*(No such file|Couldn't load|not found)/i),
    )
  })
})
