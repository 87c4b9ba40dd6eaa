/** What activation does not need: a file of its own beside the extension's, read at the first need. */
export { openServices } from './services.ts'
export { createSessionTree } from './sessions/tree.ts'
export const loadCommands = () => import('./commands/index.ts')
export const loadWatch = () => import('./watch.ts')
