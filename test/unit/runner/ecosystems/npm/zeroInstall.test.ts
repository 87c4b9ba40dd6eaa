import assert from 'node:assert/strict'
import { detect } from '../../../../../src/runner/ecosystems/npm/detect.ts'
import { companions, withStateOf } from '../../../../../src/runner/ecosystems/npm/zeroInstall.ts'
import { hostOf } from '../../../../support/registry.ts'
import { treeOf } from '../../../../support/tree.ts'

const host = hostOf([{ name: 'npm', url: 'https://registry.example.com/', headers: {} }])
const lock = `__metadata:\n  version: 8\n\n"ms@npm:2.0.0":\n  version: 2.0.0\n  resolution: "ms@npm:2.0.0"\n`
const archive = '.yarn/cache/ms-npm-2.0.0-0123456789-0123456789.zip'

describe('zero-install', () => {
  const recipe = async (files: Readonly<Record<string, string>>) => {
    const tree = treeOf({ 'package.json': { name: 'fx' }, 'yarn.lock': lock, ...files })
    const project = await detect(tree)
    assert.ok(project)
    return await companions(tree, project, host)
  }

  it('is what commits a loader or archives; yarn alone writes them, without any script or code of the project', async () => {
    assert.equal(await recipe({}), undefined)
    assert.equal(await recipe({ 'yarn.lock': '# yarn lockfile v1\n', '.pnp.cjs': '' }), undefined)
    const made = await recipe({
      '.pnp.cjs': 'evil',
      '.yarnrc.yml': 'nodeLinker: pnp\nyarnPath: evil.cjs\nplugins:\n  - evil.cjs\n',
      [archive]: 'zip',
    })
    assert.ok(made)
    assert.deepEqual(made.kept, ['.pnp.cjs'])
    assert.deepEqual(made.archives?.paths, [archive])
    assert.ok(made.command.includes('--mode=skip-build'))
    assert.equal(made.env.YARN_NODE_LINKER, 'pnp')
    assert.equal(made.env.YARN_IGNORE_PATH, '1')
    assert.equal(made.files.get(archive)?.toString(), 'zip')
    assert.doesNotMatch([...made.files.values()].join('\n'), /evil/)
  })

  it('an archive goes only where the lock file names its version no more', async () => {
    const made = await recipe({ [archive]: 'zip' })
    assert.equal(made?.isGone(archive), false)
    assert.equal(made?.isGone('.yarn/cache/ms-npm-1.0.0-0123456789-0123456789.zip'), true)
  })

  it('of a loader only the map of packages is taken over', () => {
    const four = (program: string, map: string) =>
      `#!/usr/bin/env node\nconst RAW_RUNTIME_STATE =\n'{\\\n  "${map}": 1\\\n}';\n\nfunction $$SETUP_STATE(a) {\n  return a;\n}\n${program}\n`
    assert.equal(withStateOf(four('old', 'before'), four('new', 'after $& $1')), four('old', 'after $& $1'))
    const three = (program: string, map: string) =>
      `function $$SETUP_STATE(hydrate) {\n  return hydrate({\n    "${map}": 1\n  });\n}\n${program}\n`
    assert.equal(withStateOf(three('old', 'before'), three('new', 'after')), three('old', 'after'))
    assert.equal(withStateOf('something else\n', three('new', 'after')), three('new', 'after'))
  })
})
