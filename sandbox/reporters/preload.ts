import nodeModule from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { observeAva } from './ava.ts'
import { announced, withAnnouncement } from './hooks.ts'
import { observeJasmine } from './jasmine.ts'
import { observeJestConfig } from './jestConfig.ts'
import { observeLab } from './lab.ts'
import { observeMocha } from './mocha.ts'
import { notePart } from './parts.ts'
import { isModernYarn, isModuleRunner, isPlaywright, isTap, programOf } from './program.ts'
import { observeQunit } from './qunit.ts'
import { keepReach } from './reach.ts'
import { openRecord, quietly, type Write } from './record.ts'
import { observeTap } from './tap.ts'
import { observeTape } from './tape.ts'
import { observeUvu } from './uvu.ts'
import { observeVitest } from './vitest.ts'

/*
 * Required by every Node process of a test step, through NODE_OPTIONS. It finds the test runner in the process and
 * listens beside the user's own reporters. Where it does not know the runner, it does nothing. It lies in a folder of
 * the results' own, so that no variable has to say where they go: task runners drop the variables that they do not
 * know. Whatever goes wrong in here, the process goes on as if it were not there.
 */

interface CommonJsModule {
  readonly id: string
  readonly filename?: string | null
  exports: unknown
  _compile?: (source: string, filename: string) => unknown
}
interface ModuleClass {
  readonly prototype: {
    readonly _compile: (this: CommonJsModule, source: string, filename: string) => unknown
  }
  readonly register?: (url: URL) => void
  readonly registerHooks?: (hooks: {
    load: (url: string, context: unknown, next: (url: string, context: unknown) => never) => unknown
  }) => void
}
const Module = nodeModule as unknown as ModuleClass

type Observe = (exported: never, record: Write) => unknown

/** Modules of runners, and what hears them. */
const commonJs: readonly (readonly [RegExp, Observe])[] = [
  [/[\\/]mocha[\\/]lib[\\/]mocha\.c?js$/, observeMocha],
  [
    /[\\/]jest-config[\\/]build[\\/]index\.js$/,
    (exported) => observeJestConfig(exported, path.join(__dirname, 'jest.cjs')),
  ],
  [/[\\/]ava[\\/]lib[\\/]run-status\.js$/, observeAva],
  [/[\\/]tape[\\/]lib[\\/]results\.js$/, observeTape],
  [/[\\/]jasmine-core[\\/]lib[\\/]jasmine-core\.js$/, observeJasmine],
  [/[\\/]qunit[\\/]qunit[\\/]qunit\.js$/, observeQunit],
  [/[\\/]lab[\\/]lib[\\/]reporters[\\/]index\.js$/, observeLab],
]

/** Parts of ES modules (and of what is inside a CommonJS one), as `hooks.ts` hands them over. */
const handed: Readonly<Record<string, Observe>> = {
  vitest: observeVitest,
  ava: observeAva,
  uvu: observeUvu,
}

function heardOf(module: CommonJsModule, record: Write): void {
  const filename = module.filename ?? ''
  const observe = commonJs.find(([pattern]) => pattern.test(filename))?.[1]
  const heard = observe === undefined ? undefined : observe(module.exports as never, record)
  if (heard !== undefined) module.exports = heard
}

function prepare(module: CommonJsModule): void {
  if (!/[\\/]uvu[\\/]dist[\\/]index\.js$/.test(module.id)) return
  module._compile = (source, name) =>
    Module.prototype._compile.call(module, withAnnouncement(module.id, source), name)
}

/** Node sets `loaded` as its last act with a module. A function around its `load` would be a line of every stack. */
function observeCommonJs(record: Write): void {
  Object.defineProperty(Module.prototype, 'loaded', {
    configurable: true,
    get: () => false,
    set(this: CommonJsModule, value: unknown) {
      if (value !== true) {
        quietly(() => prepare(this))
        return
      }
      Object.defineProperty(this, 'loaded', { value, writable: true, enumerable: true, configurable: true })
      quietly(() => heardOf(this, record))
    },
  })
}

function observeModules(): void {
  if (Module.registerHooks !== undefined) {
    Module.registerHooks({ load: (url, context, next) => announced(url, next(url, context)) })
  } else {
    Module.register?.(pathToFileURL(path.join(__dirname, 'hooks.mjs')))
  }
}

function isMainThread(): boolean {
  return (
    quietly(() => (require('node:worker_threads') as typeof import('node:worker_threads')).isMainThread) ??
    true
  )
}

function observe(directory: string): void {
  const record = openRecord(directory)
  // Not on the global object: runners search that for what tests leave there.
  Object.defineProperty(process, Symbol.for('drydock.observe'), {
    value: (name: string, part: never) => quietly(() => handed[name]?.(part, record)) ?? part,
  })
  observeCommonJs(record)
  const program = programOf(process.argv[1])
  quietly(() => notePart(program, directory))
  if (isModuleRunner(program)) quietly(observeModules)
  if (isTap(program)) quietly(() => observeTap(directory))
  if (isPlaywright(program)) process.env.PW_TEST_REPORTER ??= path.join(__dirname, 'playwright.cjs')
  // Its wrapper for `node` would pass by the one that hands this preload on.
  if (isModernYarn(program)) process.execPath = path.join(directory, '.bin', 'node')
}

if (isMainThread()) {
  quietly(() => observe(path.dirname(__dirname)))
  quietly(keepReach)
}
