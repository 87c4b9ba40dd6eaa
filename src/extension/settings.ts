import { ConfigurationTarget, workspace } from 'vscode'
import type { RunRequest } from '../contract/runRequest.ts'
import { Settings } from '../contract/settings.ts'
import { millisecondsOf, settingUnits } from '../contract/settingUnits.ts'

const defaults: Readonly<Record<string, unknown>> = Settings.parse({})
const units = Object.entries(settingUnits)

type GivenSettings = Extract<RunRequest, { do: 'update' }>['settings']

/** The person's settings that differ from the defaults; an empty text is one that was not given. */
export function givenSettings(): GivenSettings {
  const given = Object.keys(Settings.shape).flatMap((name) => {
    const value = setValue(name)
    const isEmpty = value === '' || (Array.isArray(value) && value.length === 0)
    return value === undefined || isEmpty || value === defaults[name] ? [] : [[name, value]]
  })
  return Settings.partial().parse(Object.fromEntries(given))
}

function setValue(name: string): unknown {
  const configuration = workspace.getConfiguration('drydock')
  const unit = units.find(([field]) => field === name)?.[1]
  if (unit === undefined) return configuration.get(name)
  const set = configuration.inspect(unit.shown)?.globalValue
  // Older settings are in milliseconds, under the field's own name.
  return set === undefined ? configuration.inspect(name)?.globalValue : millisecondsOf(set, unit)
}

/** Moves times of earlier versions to the names that say their unit; what is set there already stays. */
export async function moveOldSettings(): Promise<void> {
  const configuration = workspace.getConfiguration('drydock')
  for (const [name, { shown, ms }] of units) {
    const old = configuration.inspect<number>(name)?.globalValue
    if (old === undefined) continue
    const target = ConfigurationTarget.Global
    if (configuration.inspect(shown)?.globalValue === undefined)
      await configuration.update(shown, old / ms, target)
    await configuration.update(name, undefined, target)
  }
}
