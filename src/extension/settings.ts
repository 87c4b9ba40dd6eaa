import { workspace } from 'vscode'
import type { RunRequest } from '../contract/runRequest.ts'
import { Settings } from '../contract/settings.ts'

const defaults: Readonly<Record<string, unknown>> = Settings.parse({})

type GivenSettings = Extract<RunRequest, { do: 'update' }>['settings']

/** The person's settings that differ from the defaults; an empty text is one that was not given. */
export function givenSettings(): GivenSettings {
  const configuration = workspace.getConfiguration('drydock')
  const given = Object.keys(Settings.shape).flatMap((name) => {
    const value: unknown = configuration.get(name)
    const isEmpty = value === '' || (Array.isArray(value) && value.length === 0)
    return value === undefined || isEmpty || value === defaults[name] ? [] : [[name, value]]
  })
  return Settings.partial().parse(Object.fromEntries(given))
}
