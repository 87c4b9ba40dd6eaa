import { format } from 'harbourkit/legacy/format.js'

export const write = (parts) => format(parts)
