import { createRequire } from 'node:module'

/**
 * Node's own `http`, loaded when it is first needed. An `import` of it would read each of its exports, and those of
 * WebSocket load all of undici: 60 ms at the start of every process in a container.
 */
export const http = () => createRequire(import.meta.url)('node:http') as typeof import('node:http')
