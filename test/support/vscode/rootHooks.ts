import type { Context, RootHookObject } from 'mocha'
import { readBlackBoxes } from './blackBox.ts'

/** For mocha's `--require`: a test that fails says what its windows showed. */
export const mochaHooks: RootHookObject = {
  async afterEach(this: Context) {
    if (this.currentTest?.state === 'failed') console.log(await readBlackBoxes(this.currentTest.title))
  },
}
