interface Configs {
  globalConfig: { reporters?: unknown[] | null }
}

type Read = (...rest: never[]) => Configs | Promise<Configs>

type Exported = Partial<Record<'readConfigs' | 'readConfig', Read>>

function withReporter(configs: Configs, reporter: string): Configs {
  const reporters = [...(configs.globalConfig.reporters ?? [['default', {}]]), [reporter, {}]]
  return { ...configs, globalConfig: Object.freeze({ ...configs.globalConfig, reporters }) }
}

/** jest-config's exports with our reporter added to what the user configured. Before Jest 24 they read one project. */
export function observeJestConfig(exported: Exported, reporter: string): Exported {
  const name = exported.readConfigs === undefined ? 'readConfig' : 'readConfigs'
  const read = exported[name]
  if (read === undefined) return exported
  const observed: Read = (...rest) => {
    const configs = read(...rest)
    return configs instanceof Promise
      ? configs.then((found) => withReporter(found, reporter))
      : withReporter(configs, reporter)
  }
  return Object.create(exported, { [name]: { value: observed, enumerable: true } }) as Exported
}
