import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryConfigSchema } from '../../../scripts/schema.ts'
import { autoMergeDays } from '../../../src/contract/pullRequest.ts'
import { Settings } from '../../../src/contract/settings.ts'
import { millisecondsOf, settingUnits } from '../../../src/contract/settingUnits.ts'

const root = join(import.meta.dirname, '../../..')

interface Property {
  readonly type: string
  readonly default?: unknown
  readonly scope?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly deprecationMessage?: string
}

interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] }
  }
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string
      readonly title: { readonly value: string; readonly original: string }
      readonly category: string
      readonly enablement?: string
    }[]
    readonly configuration: readonly {
      readonly title: string
      readonly properties: Readonly<Record<string, Property>>
    }[]
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>
    readonly viewsWelcome: readonly { readonly contents: string }[]
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string
        readonly completionEvents: readonly string[]
      }[]
    }[]
  }
}

/** Those of the extension alone. */
const own = ['drydock.showUpdatesInManifests']

describe('extension manifest', () => {
  let manifest: Manifest
  let properties: Readonly<Record<string, Property>>
  let commands: ReadonlySet<string>
  before(async () => {
    manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    properties = Object.assign({}, ...manifest.contributes.configuration.map((group) => group.properties))
    commands = new Set(manifest.contributes.commands.map(({ command }) => command))
  })

  it('has a setting for every field of the settings, with its default, and no other', () => {
    const defaults: Readonly<Record<string, unknown>> = Settings.parse({})
    const names = Object.keys(Settings.shape).map((name) => `drydock.${name}`)
    const shown = Object.values(settingUnits).map((unit) => `drydock.${unit.shown}`)
    assert.deepEqual(Object.keys(properties).sort(), [...names, ...shown, ...own].sort())
    for (const name of Object.keys(Settings.shape)) {
      if (name in settingUnits) continue
      const property = properties[`drydock.${name}`]
      const none = { boolean: false, array: [] as const }[String(property?.type)] ?? ''
      // Where a session has none, the code that asks for it has one.
      const later = name === 'pullRequestAutoMergeDays' ? autoMergeDays : undefined
      assert.deepEqual(property?.default, defaults[name] ?? later ?? none, name)
    }
  })

  it('has every time in the unit that a person thinks in, and the old name only where it is still set', () => {
    const defaults: Readonly<Record<string, unknown>> = Settings.parse({})
    for (const [name, unit] of Object.entries(settingUnits)) {
      const property = properties[`drydock.${unit.shown}`]
      assert.equal(millisecondsOf(property?.default, unit), defaults[name], name)
      assert.ok(property?.minimum === 0 || property?.exclusiveMinimum === 0, name)
      assert.match(properties[`drydock.${name}`]?.deprecationMessage ?? '', new RegExp(unit.shown))
    }
  })

  it('admits of numbers what the schema admits', () => {
    for (const [name, field] of Object.entries(Settings.shape)) {
      if (name in settingUnits) continue
      const property = properties[`drydock.${name}`]
      if (property?.type !== 'integer' && property?.type !== 'number') continue
      const least = property.minimum ?? Number(property.exclusiveMinimum) + 0.001
      assert.ok(field.safeParse(least).success, `${name}: ${least}`)
      const tooSmall = property.minimum === undefined ? 0 : property.minimum - 1
      assert.ok(!field.safeParse(tooSmall).success, `${name}: ${tooSmall}`)
      assert.equal(property.type === 'integer', !field.safeParse(1.5).success, name)
    }
  })

  it('lets no workspace set what a session may do, trusted or not', () => {
    for (const name of Object.keys(Settings.shape)) {
      assert.match(properties[`drydock.${name}`]?.scope ?? '', /^(application|machine)$/, name)
    }
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces
    assert.deepEqual([...restrictedConfigurations].sort(), Object.keys(properties).sort())
  })

  it('enables no command before the workspace is trusted', () => {
    for (const { command, title, category, enablement } of manifest.contributes.commands) {
      assert.equal(category, 'Agent', command)
      // The palette finds a command by its original title as well, and shows the other one.
      assert.equal(title.original, `${title.value} (Drydock)`, command)
      assert.match(enablement ?? '', /^isWorkspaceTrusted( && drydock\.\w+)?$/, command)
    }
  })

  it('names in menus, welcome texts and the walkthrough only commands that it has', () => {
    const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps)
    const texts = [
      ...steps.map((step) => step.description),
      ...manifest.contributes.viewsWelcome.map((w) => w.contents),
    ]
    const linked = texts.flatMap((text) =>
      [...text.matchAll(/\(command:(drydock\.\w+)/g)].map((found) => found[1]),
    )
    const inMenus = Object.values(manifest.contributes.menus).flatMap((items) =>
      items.map(({ command }) => command),
    )
    assert.ok(linked.length > 5 && inMenus.length > 20)
    for (const name of [...linked, ...inMenus]) assert.ok(commands.has(name ?? ''), name)
  })

  it('registers every command, each once', async () => {
    const source = await readFile(join(root, 'src/extension/extension.ts'), 'utf8')
    const table = /const lazyCommands = \{([^}]*)\}/.exec(source)?.[1] ?? ''
    const lazily = [...table.matchAll(/(\w+): true/g)].map((found) => `drydock.${found[1]}`)
    const directly = [...source.matchAll(/registerCommand\('(drydock\.\w+)'/g)].map((found) => found[1])
    assert.deepEqual([...lazily, ...directly].sort(), [...commands].sort())
  })

  it('has context keys for all steps of the walkthrough that check themselves', async () => {
    const source = await readFile(join(root, 'src/extension/walkthrough.ts'), 'utf8')
    const table = /export type Step = (.*)/.exec(source)?.[1] ?? ''
    const known = [...table.matchAll(/'(\w+)'/g)].map((found) => `drydock.${found[1]}`)
    const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps)
    for (const { completionEvents } of steps) {
      assert.equal(completionEvents.length, 1)
      assert.ok(known.includes(completionEvents[0]?.replace('onContext:', '') ?? ''), completionEvents[0])
    }
  })

  it('has the current schema of .drydock.json; scripts/schema.ts writes it', async () => {
    assert.equal(await readFile(join(root, 'schemas/drydock.schema.json'), 'utf8'), repositoryConfigSchema())
  })
})
