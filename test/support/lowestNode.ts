import { join } from 'node:path'

/** The lowest Node that README and manifest promise, a development dependency of its own. */
export const lowestNode = join(import.meta.dirname, 'lowest-node/node_modules/node/bin/node')
