import { join } from 'node:path'
import type { BuildTurn } from './docker/baseImage.ts'
import { takeSlot } from './slots.ts'

/** Lets the sessions of one home build images one after the other; a turn ends with its holder's process at the latest. */
export function buildTurns(cache: string): BuildTurn {
  return (signal, onWait) => takeSlot(join(cache, 'builds'), 1, signal, onWait)
}
