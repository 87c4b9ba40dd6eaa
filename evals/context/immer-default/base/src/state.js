import produce, { enableES5, enableMapSet } from 'immer'

enableES5()
enableMapSet()

export const empty = { berths: new Map(), log: [] }

export const arrive = produce((state, ship, berth) => {
  state.berths.set(berth, ship)
  state.log.push(`${ship} in`)
})
