import type { Memento } from 'vscode'
import { engineAdvice } from '../contract/engineInstall.ts'
import type { Examination } from '../contract/examination.ts'
import { nextInEditor, type Remedy } from '../contract/inEditor.ts'
import type { RunnerProcess } from './runner/runnerProcess.ts'
import type { Walkthrough } from './walkthrough.ts'

const seen = 'drydock.engineReady'

/** Why no session can run, and what mends it. */
export interface EngineLack {
  readonly remedy: Extract<Remedy, 'installEngine' | 'doctor'>
  readonly what: string
  readonly next: string
}

/** The container engine as a window of the editor knows it. */
export interface EngineWatch {
  /** Whether it was fit for sessions once on this machine; asked anew until it was. */
  wasReady(): Promise<boolean>
  /** What is wrong with it now; undefined where nothing is. */
  lack(): Promise<EngineLack | undefined>
}

export interface EngineWatchOptions {
  readonly runner: RunnerProcess
  readonly walkthrough: Walkthrough
  /** Kept over windows. */
  readonly kept: Memento
  /** Node's name of this system. */
  readonly platform: string
}

export function watchEngine({ runner, walkthrough, kept, platform }: EngineWatchOptions): EngineWatch {
  const lack = async (): Promise<EngineLack | undefined> => {
    // Its protections were looked at; whether it runs today is soon told.
    const quick = kept.get(seen, false)
    const found = await runner.doctor({ quick }).catch(() => undefined)
    if (found?.ready === true && !quick) await kept.update(seen, true)
    if (found?.ready === true) walkthrough.tell('engineReady', true)
    return engineLack(found, platform)
  }
  return {
    lack,
    async wasReady() {
      if (kept.get(seen, false)) return true
      const ready = (await lack()) === undefined
      walkthrough.tell('engineReady', ready)
      return ready
    },
  }
}

/** `found` is undefined where nobody could look. */
export function engineLack(found: Examination | undefined, platform: string): EngineLack | undefined {
  if (found === undefined)
    return {
      ...{ remedy: 'doctor', what: 'Whether a container engine answers could not be found out.' },
      next: 'The doctor may say more.',
    }
  if (found.ready) return undefined
  const missing = found.protections.filter(({ essential, state }) => essential && state === 'off')
  if (found.engine !== undefined)
    return {
      remedy: 'doctor',
      what: `The container engine lacks ${missing.map(({ name }) => name).join(', ')}.`,
      next: 'No session can run on it; the doctor says why.',
    }
  return {
    remedy: 'installEngine',
    what: 'No container engine answers.',
    next: engineNext(found, platform),
  }
}

/** What to do about an engine that does not answer: where this runs inside of something, that decides. */
export function engineNext({ engineFailure, place }: Examination, platform: string): string {
  const own = engineFailure === undefined || engineFailure.code === 'engine-not-found'
  return own && place === undefined ? engineAdvice(platform) : nextInEditor(engineFailure ?? notFound)
}

const notFound = { code: 'engine-not-found', next: '' } as const
