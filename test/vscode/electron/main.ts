import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runTests } from '@vscode/test-electron'
import { fixtureRepository } from '../../support/repository.ts'
import { bundle, ROOT } from '../../support/vscode/codeServer.ts'

/** The suite of the extension host in desktop VS Code, where it can be downloaded. */
const home = await mkdtemp(join(tmpdir(), 'drydock-electron-'))
try {
  await promisify(execFile)(process.execPath, [join(ROOT, 'esbuild.mjs')])
  await using repository = await fixtureRepository('clean-update')
  await bundle([join(ROOT, 'test/vscode/suite/host.ts'), join(import.meta.dirname, 'run.ts')], home)
  await runTests({
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: join(home, 'electron/run.mjs'),
    launchArgs: [repository.root, '--disable-extensions', '--disable-workspace-trust'],
    extensionTestsEnv: {
      DRYDOCK_HOME: home,
      DRYDOCK_TEST_ROOT: ROOT,
      DRYDOCK_TEST_SUITE: join(home, 'suite/host.mjs'),
    },
  })
} finally {
  await rm(home, { recursive: true, force: true })
}
