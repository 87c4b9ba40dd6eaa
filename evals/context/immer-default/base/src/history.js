import { applyPatches, enablePatches, produceWithPatches } from 'immer'

enablePatches()

export class History {
  #undo = []

  change(state, recipe) {
    const [next, , back] = produceWithPatches(state, recipe)
    this.#undo.push(back)
    return next
  }

  undo(state) {
    return applyPatches(state, this.#undo.pop() ?? [])
  }
}
