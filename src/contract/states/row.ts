import type { Situation } from './situation.ts'
import { placeWords, stateOf } from './state.ts'

/** A session's state in a row, each phrase by itself, the worst first: all that a waiting one lacks. */
export function rowWords(situation: Situation): readonly string[] {
  const place = placeWords(situation)
  return place === undefined ? wordsThere(situation) : [...wordsThere(situation), place]
}

function wordsThere(situation: Situation): readonly string[] {
  const { row, name } = stateOf(situation)
  const { judge, boxes, checks } = situation
  // Nothing that a person could take on mends these.
  const over =
    situation.life !== 'waiting' || ['unchecked', 'not-green', 'objected', 'approved'].includes(name)
  const { bad = [], good = [] } = situation.atHost ?? {}
  if (over) return [...bad, row, ...good]
  const count = boxes.warnings === 1 ? '1 warning' : `${boxes.warnings} warnings`
  const lacks = [
    ...(checks === 'not verified' || checks === 'steps' ? [row] : []),
    ...(judge === 'approves' ? [] : ['not judged']),
    ...(boxes.warnings === 0 ? [] : [count]),
  ]
  return lacks.length === 0 ? [row] : lacks
}
