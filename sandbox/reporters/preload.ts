import fs from 'node:fs'
import nodeModule from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { observeMocha } from './mocha.ts'
import { observeVitest } from './vitest.ts'
import { announced } from './vitest-hooks.ts'

/*
 * Required by every Node process of a check, through NODE_OPTIONS. It finds the test runner in the process and
 * listens beside the user's own reporters. Where it does not know the runner, it does nothing.
 */

interface CommonJsModule {
  exports: unknown
}
interface ModuleClass {
  readonly prototype: { load: (this: CommonJsModule, filename: string) => void }
  readonly register?: (url: URL) => void
  readonly registerHooks?: (hooks: {
    load: (url: string, context: unknown, next: (url: string, context: unknown) => never) => unknown
  }) => void
}
const Module = nodeModule as unknown as ModuleClass

type ReadConfigs = (...rest: unknown[]) => Promise<{ globalConfig: { reporters?: unknown[] } }>

/** jest-config's exports with our reporter added to what the user configured. */
function withReporter(exported: { readonly readConfigs: ReadConfigs }): unknown {
  const readConfigs: ReadConfigs = async (...rest) => {
    const configs = await exported.readConfigs(...rest)
    const own = [path.join(__dirname, 'jest.cjs'), {}]
    const reporters = [...(configs.globalConfig.reporters ?? [['default', {}]]), own]
    return { ...configs, globalConfig: Object.freeze({ ...configs.globalConfig, reporters }) }
  }
  return Object.create(exported, { readConfigs: { value: readConfigs, enumerable: true } })
}

function observeCommonJs(directory: string): void {
  const load = Module.prototype.load
  Module.prototype.load = function observed(filename) {
    load.call(this, filename)
    if (/[\\/]mocha[\\/]lib[\\/]mocha\.c?js$/.test(filename)) {
      observeMocha(this.exports as Parameters<typeof observeMocha>[0], directory)
    } else if (/[\\/]jest-config[\\/]build[\\/]index\.js$/.test(filename)) {
      this.exports = withReporter(this.exports as Parameters<typeof withReporter>[0])
    }
  }
}

function isVitest(script: string | undefined): boolean {
  if (script === undefined || !/vitest/.test(script)) return false
  try {
    return /[\\/]vitest[\\/](vitest\.mjs|dist[\\/]cli[^\\/]*)$/.test(fs.realpathSync(script))
  } catch {
    return false
  }
}

function observeVitestProcess(directory: string): void {
  Object.defineProperty(globalThis, Symbol.for('drydock.vitest'), {
    value: (vitest: Parameters<typeof observeVitest>[0]) => observeVitest(vitest, directory),
  })
  if (Module.registerHooks !== undefined) {
    Module.registerHooks({ load: (url, context, next) => announced(url, next(url, context)) })
  } else {
    Module.register?.(pathToFileURL(path.join(__dirname, 'vitest-hooks.mjs')))
  }
}

const directory = process.env.DRYDOCK_RESULTS
if (directory !== undefined && isMainThread) {
  observeCommonJs(directory)
  if (isVitest(process.argv[1])) observeVitestProcess(directory)
}
