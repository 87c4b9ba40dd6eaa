/* What names of tests look like, in each language that gives them a form of its own. */

export { classOf } from './java/testName.ts'
export { isFile } from './javascript/testName.ts'
