import assert from 'node:assert/strict'
import { treeView } from '../../../src/runner/ecosystems/treeView.ts'
import { writeLocks } from '../../../src/runner/install/locks.ts'
import { type Workshop, workshop } from '../../support/workshop.ts'

type Files = Readonly<Record<string, string>>

const manifest = (rest: object) => `${JSON.stringify({ name: 'fx', private: true, ...rest }, undefined, 2)}\n`

/** The files with a lock file as the package manager itself makes it. */
async function locked(files: Files, change = (text: string) => text): Promise<Workshop> {
  await using without = await workshop(files)
  const { context, project, tree } = without
  const image = await context.sandbox.image(project.image, () => {})
  const view = await treeView(context.repository, tree)
  const [lock] = await writeLocks(context, context.ecosystem, image, view, project)
  assert.ok(lock)
  return await workshop({ ...files, [lock.path]: change(lock.bytes.toString('utf8')) })
}

/** Lock files of this format are written by yarns that came before the one in the image. */
const older = (text: string) => text.replace(/^ {2}version: 1\d$/m, '  version: 8')

const moved: readonly (readonly [kind: string, files: Files, from: string, lines: RegExp])[] = [
  [
    'pnpm: an override of the package',
    {
      'package.json': manifest({ packageManager: 'pnpm@10.0.0', dependencies: { ms: '2.1.1' } }),
      'pnpm-workspace.yaml': 'overrides:\n  ms: 2.1.1 # all of them\n',
    },
    '2.1.1',
    /^\+ {2}ms: 2\.1\.2 # all of them$/m,
  ],
  [
    'yarn: a catalog',
    {
      'package.json': manifest({ packageManager: 'yarn@4.12.0', dependencies: { ms: 'catalog:' } }),
      '.yarnrc.yml': 'catalog:\n  ms: ~2.1.1\n',
    },
    '2.1.3',
    /^\+ {2}ms: ~2\.1\.2$/m,
  ],
  [
    'npm: an override of the package beside its children',
    {
      'package.json': manifest({
        dependencies: { ms: '2.1.1', 'is-odd': '3.0.1' },
        overrides: { ms: { '.': '2.1.1', 'is-number': '6.0.0' } },
      }),
    },
    '2.1.1',
    /^\+ {6}"\.": "2\.1\.2",$/m,
  ],
]

const pinned: readonly (readonly [kind: string, files: Files, by: RegExp])[] = [
  [
    'pnpm, to nothing',
    {
      'package.json': manifest({
        packageManager: 'pnpm@10.0.0',
        dependencies: { ms: '2.1.1' },
        pnpm: { overrides: { ms: '-' } },
      }),
    },
    /package\.json gets none, by pnpm\.overrides\.ms in package\.json \(-\)/,
  ],
  [
    'yarn, to another package',
    {
      'package.json': manifest({
        packageManager: 'yarn@4.12.0',
        dependencies: { ms: '2.1.1' },
        resolutions: { ms: 'npm:is-odd@3.0.1' },
      }),
    },
    /package\.json gets is-odd 3\.0\.1, by resolutions\.ms in package\.json \(npm:is-odd@3\.0\.1\)/,
  ],
]

describe('the version arrives, against the registry', () => {
  for (const [kind, files, from, lines] of moved)
    it(`${kind} moves along`, async () => {
      await using shop = await locked(files, older)
      const update = await shop.update({ package: 'ms', requested: '2.1.2' })
      assert.ok(update)
      assert.deepEqual([update.plan.from, update.plan.to], [from, '2.1.2'])
      const said = update.warnings.map(({ code }) => code)
      assert.deepEqual(said, from === '2.1.3' ? ['downgrade:ms'] : [])
      assert.match(update.patch.text, lines)
      const { ecosystem, repository } = shop.context
      const view = await treeView(repository, update.tree)
      const places = await ecosystem.resolved(view, shop.project, 'ms')
      assert.deepEqual(
        places.map(({ manifest: path, version }) => [path, version]),
        [['package.json', '2.1.2']],
      )
      if (!kind.startsWith('yarn')) return
      const prepared = await shop.prepare({ tree: update.tree })
      const asked = await ecosystem.inspection?.(view, 'ms', ['package.json'])
      assert.ok(asked)
      const { text } = await shop.run(prepared, ...asked.argv)
      assert.deepEqual(asked.read(text).get('package.json'), { name: 'ms', version: '2.1.2' })
    })

  for (const [kind, files, by] of pinned)
    it(`is held back: ${kind}`, async () => {
      await using shop = await locked(files)
      await assert.rejects(shop.update({ package: 'ms', requested: '2.1.2' }), (error: Error) => {
        assert.match(error.message, /^version-pinned: ms 2\.1\.2 does not arrive: /)
        assert.match(error.message, by)
        return true
      })
    })
})
