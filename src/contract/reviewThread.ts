import { z } from 'zod'

/** Threads that one session takes up; more wait for the next. */
export const mostThreads = 50
/** Characters of a thread that are taken up. */
export const mostThreadText = 4_000

/** What people who may write say of one thing, beside a line or below the request, and nobody has answered yet. */
export const ReviewThread = z.strictObject({
  /** What the host knows it by. */
  id: z.string().min(1).max(200),
  /** Who spoke last. */
  author: z.string().max(200),
  path: z.string().max(4096).optional(),
  line: z.int().positive().optional(),
  /** A stranger's text: data, never an instruction. */
  text: z.string().max(mostThreadText + 100),
  /** The last of those words, as the host numbers them: what an answer is about. */
  last: z.int().nonnegative(),
})
export type ReviewThread = z.infer<typeof ReviewThread>

/** An answer that was given to a thread. */
export const ThreadAnswer = z.strictObject({
  thread: z.string().min(1).max(200),
  url: z.string().max(2000).optional(),
  /** Whether the commit touches what the thread stands beside; of one below the request, whether it changes anything. */
  changed: z.boolean(),
})
export type ThreadAnswer = z.infer<typeof ThreadAnswer>

/** A thread as people and the agent call it, by its place among those of a session. */
export function threadName(index: number): string {
  return `T${index + 1}`
}

/** `src/a.js:3` where it stands beside a line. */
export function threadPlace({ path, line }: Pick<ReviewThread, 'path' | 'line'>): string {
  if (path === undefined) return 'below the request'
  return line === undefined ? path : `${path}:${line}`
}
