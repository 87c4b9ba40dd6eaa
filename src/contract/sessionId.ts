import { z } from 'zod'

export const SessionId = z.string().regex(/^[0-9]{8}-[0-9]{6}-[0-9a-z]{6}$/)
export type SessionId = z.infer<typeof SessionId>
