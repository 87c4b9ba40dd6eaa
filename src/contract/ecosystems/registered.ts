// One line an ecosystem: what it does is the folder of its id below `src/runner/ecosystems`.
export { facts as maven } from './maven/facts.ts'
export { facts as npm } from './npm/facts.ts'
