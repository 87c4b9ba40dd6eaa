export { npmRelease as release } from './release/index.ts'
