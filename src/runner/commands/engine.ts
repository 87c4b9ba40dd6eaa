import { type Engine, findEngine } from '../docker/engine.ts'
import type { CommandContext } from './context.ts'

/** Finds the engine a person's `docker` would use. Throws `engine-not-found`. */
export function engineOf(context: CommandContext): Promise<Engine> {
  return findEngine({
    env: context.env,
    home: context.userHome,
    platform: process.platform,
    ...(process.getuid === undefined ? {} : { uid: process.getuid() }),
  })
}
