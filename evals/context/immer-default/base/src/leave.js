import produce from 'immer'

export function leave(state, berth) {
  return produce(state, (draft) => {
    draft.log.push(`${draft.berths.get(berth)} out`)
    draft.berths.delete(berth)
  })
}
