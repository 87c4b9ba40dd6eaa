// One line an ecosystem: what it does is the folder of its id below `src/runner/ecosystems`.
export { maven } from './maven/facts.ts'
export { npm } from './npm/facts.ts'
