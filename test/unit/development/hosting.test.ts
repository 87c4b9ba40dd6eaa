import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ParseError, parse as parseJsonc } from 'jsonc-parser'
import { parseDocument } from 'yaml'
import { releaseNotes } from '../../../scripts/releaseNotes.ts'
import type { CommandContext } from '../../../src/runner/commands/context.ts'
import { program } from '../../../src/runner/commands/program.ts'

const root = join(import.meta.dirname, '../../..')
const text = (name: string) => readFile(join(root, name), 'utf8')

async function yaml(name: string): Promise<unknown> {
  const document = parseDocument(await text(name), { strict: true, uniqueKeys: true })
  assert.deepEqual([...document.errors, ...document.warnings], [], name)
  return document.toJS()
}

async function jsonc<Value>(name: string): Promise<Value> {
  const errors: ParseError[] = []
  const value: Value = parseJsonc(await text(name), errors)
  assert.deepEqual(errors, [], name)
  return value
}

interface Step {
  readonly uses?: string
  readonly run?: string
}

interface Workflow {
  readonly permissions?: unknown
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>
  >
}

interface Form {
  readonly name: string
  readonly description: string
  readonly body: readonly { readonly type: string; readonly id?: string }[]
}

interface DevContainer {
  readonly image: string
  readonly features: Readonly<Record<string, unknown>>
  readonly postCreateCommand: string
  readonly customizations: { readonly vscode: { readonly extensions: readonly string[] } }
}

const files = (pattern: string) => globSync(pattern, { cwd: root })
const workflows = files('.github/workflows/*.yml')
const forms = files('.github/ISSUE_TEMPLATE/*.yml').filter((name) => !name.endsWith('config.yml'))

describe('what is set up where the repository is hosted', () => {
  let scripts: Readonly<Record<string, string>>
  before(async () => {
    scripts = JSON.parse(await text('package.json')).scripts
  })

  /** Npm's scripts and files of the checkout that a shell's line, or a sentence, names. */
  function assertNamed(line: string, where: string): number {
    const called = [...line.matchAll(/\bnpm (?:run (?:--?\S+ )*([\w:-]+)|(test)\b)/g)].map(
      (match) => match[1] ?? match[2],
    )
    for (const name of called) assert.ok(name !== undefined && name in scripts, `${where}: npm run ${name}`)
    const paths = [
      ...line.matchAll(/(?<![\w./-])((?:\.ci|\.github|docs|scripts|src|test|bench)\/[\w./-]*\w)/g),
    ]
    const named = [...paths, ...line.matchAll(/`([\w-]+\.md)`/g)].map((match) => match[1] ?? '')
    for (const path of named) assert.ok(existsSync(join(root, path)), `${where}: ${path}`)
    return called.length + named.length
  }

  it('parses, all of it', async () => {
    const all = files('.github/**/*.yml')
    assert.ok(all.length >= 5)
    for (const name of all) await yaml(name)
  })

  it('calls scripts and programs that exist', async () => {
    for (const name of workflows) {
      const { jobs } = (await yaml(name)) as Workflow
      const lines = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
      const named = lines.map((line) => assertNamed(line, name))
      assert.ok(
        named.some((count) => count > 0),
        `${name} calls nothing of the checkout`,
      )
    }
    const { jobs } = (await yaml('.github/workflows/ci.yml')) as Workflow
    assert.ok(jobs.suite?.steps.some(({ run }) => run?.endsWith(' .ci/run')))
  })

  it('gives workflows as little as they need, for as long as they need', async () => {
    for (const name of workflows) {
      const { permissions, jobs } = (await yaml(name)) as Workflow
      assert.notEqual(permissions, undefined, `${name} has the permissions that the host gives by itself`)
      for (const job of Object.values(jobs)) {
        assert.ok((job['timeout-minutes'] ?? 360) <= 90, name)
        for (const { uses, run } of job.steps) {
          if (uses !== undefined) assert.match(uses, /^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/, name)
          // What others write (a title, the name of a branch) would be code in a shell's line.
          assert.doesNotMatch(run ?? '', /\$\{\{/, name)
        }
      }
    }
  })

  it('asks in forms that are whole, for commands that exist', async () => {
    const context = { cwd: '.', version: '0' } as CommandContext
    const commands = program(context, () => {}).commands.map((command) => command.name())
    const titles = (
      await jsonc<{ contributes: { commands: { title: { value: string }; category: string }[] } }>(
        'package.json',
      )
    ).contributes.commands.map(({ title, category }) => `${category}: ${title.value}`)
    for (const name of forms) {
      const form = (await yaml(name)) as Form
      assert.ok(form.name !== '' && form.description !== '' && form.body.length > 0, name)
      const ids = form.body.flatMap(({ id }) => id ?? [])
      assert.equal(new Set(ids).size, ids.length, name)
      for (const { type, id } of form.body)
        assert.ok(type === 'markdown' || id !== undefined, `${name}: ${type}`)
      const said = await text(name)
      for (const [, command = ''] of said.matchAll(/`drydock (\w[\w-]*)/g))
        assert.ok(commands.includes(command), `${name}: drydock ${command}`)
      for (const [, title = ''] of said.matchAll(/"(Agent: [^"]+)"/g))
        assert.ok(titles.includes(title), title)
      assertNamed(said, name)
    }
    assertNamed(await text('.github/PULL_REQUEST_TEMPLATE.md'), 'the template of pull requests')
  })

  it('names owners of folders that exist', async () => {
    const rules = (await text('.github/CODEOWNERS')).split('\n').filter((line) => /^[^#\s]/.test(line))
    for (const rule of rules) {
      const [pattern = '', ...owners] = rule.split(/\s+/)
      assert.ok(pattern === '*' || existsSync(join(root, pattern)), pattern)
      assert.ok(owners.length > 0 && owners.every((owner) => /^@[\w-]+(\/[\w-]+)?$/.test(owner)), rule)
    }
  })

  it('opens in a container with the Node of development, an engine and the same extensions', async () => {
    const { image, features, postCreateCommand, customizations } = await jsonc<DevContainer>(
      '.devcontainer/devcontainer.json',
    )
    const { devDependencies } = JSON.parse(await text('package.json'))
    assert.match(image, new RegExp(`^node:${devDependencies.node.split('.')[0]}-`))
    assertNamed(postCreateCommand, 'devcontainer.json')
    const { recommendations } = await jsonc<{ recommendations: string[] }>('.vscode/extensions.json')
    assert.deepEqual(customizations.vscode.extensions, recommendations)
    for (const feature of Object.keys(features)) {
      const folder = join('.devcontainer', feature)
      const { id } = await jsonc<{ id: string }>(join(folder, 'devcontainer-feature.json'))
      assert.equal(feature, `./${id}`)
      assert.ok(existsSync(join(root, folder, 'install.sh')))
    }
  })

  it('says in a release what the changelog says of it', () => {
    const changelog =
      '# Changelog\n\n## Unreleased\n\n- New.\n\n## 1.2.0 (2026-01-02)\n\n- Old.\n- Older.\n\n## 1.1.0\n'
    assert.equal(releaseNotes(changelog, '1.2.0'), '- Old.\n- Older.')
    assert.equal(releaseNotes(changelog, '1.2'), undefined)
    assert.equal(releaseNotes(changelog, '1.1.0'), undefined)
  })
})
