import { z } from 'zod'
import { HostRefusal } from '../host.ts'
import type { Kept } from '../kept.ts'
import type { Github } from './client.ts'
import { conditional } from './conditional.ts'

export const User = z.object({ login: z.string(), type: z.string() }).nullish()
export type User = z.infer<typeof User>

const Permission = z.object({ permission: z.string() })

/** Whether an account may write; a bot's and the pull request's own author's word is none of another person. */
export type Writers = (user: User) => Promise<boolean>

export function writersOf(github: Github, kept: Kept, author: string | undefined): Writers {
  const known = new Map<string, Promise<boolean>>()
  const ask = async (username: string): Promise<boolean> => {
    const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission'
    try {
      const { permission } = await conditional(github, kept, route, { username }, Permission)
      return permission === 'admin' || permission === 'write'
    } catch (error) {
      // Who may not be asked about is taken for a stranger.
      if (error instanceof HostRefusal && ['permission', 'missing'].includes(error.trouble.kind)) return false
      throw error
    }
  }
  return async (user) => {
    if (user === null || user === undefined || user.type === 'Bot' || user.login === author) return false
    const found = known.get(user.login) ?? ask(user.login)
    known.set(user.login, found)
    return found
  }
}
