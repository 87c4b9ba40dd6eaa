import { z } from 'zod'
import type { ReviewThread } from '../../../contract/reviewThread.ts'
import type { Kept } from '../kept.ts'
import { type Spoken, type Threads, threadsOf } from '../threads.ts'
import type { Gitlab } from './client.ts'
import { nothing } from './missing.ts'

const Author = z.object({
  id: z.int(),
  username: z.string().optional(),
  bot: z.boolean().optional(),
})
const Discussions = z.array(
  z.object({
    id: z.string().regex(/^[0-9a-f]{1,100}$/),
    notes: z.array(
      z.object({
        id: z.int(),
        system: z.boolean(),
        body: z.string(),
        author: Author.nullish(),
        resolvable: z.boolean().optional(),
        resolved: z.boolean().optional(),
        position: z
          .object({ new_path: z.string().nullish(), new_line: z.int().positive().nullish() })
          .nullish(),
      }),
    ),
  }),
)
const Member = z.object({ access_level: z.int() })
const MergeRequest = z.object({ author: z.object({ id: z.int() }).nullish() })

/** A developer's: the least that may push. */
const mayWrite = 30

/** All that was said of a merge request, by discussions, and which of them somebody has resolved. */
export async function spokenOn(
  gitlab: Gitlab,
  at: string,
  requester: number | undefined,
  kept: Kept,
): Promise<{ readonly spoken: readonly Spoken[]; readonly isResolved: (thread: string) => boolean }> {
  const found = await gitlab.get(`${at}/discussions`, { per_page: 100 }, Discussions, kept)
  const levels = new Map<number, number>()
  const said = found.flatMap(({ id, notes }) =>
    notes.flatMap((note) =>
      note.system || note.author === undefined || note.author === null
        ? []
        : [{ ...note, thread: id, author: note.author }],
    ),
  )
  for (const id of new Set(said.map(({ author }) => author.id))) {
    const member = await gitlab.get(`/members/all/${id}`, {}, Member, kept).catch(nothing)
    levels.set(id, member?.access_level ?? 0)
  }
  const resolved = new Set(
    found
      .filter(({ notes }) => {
        const open = notes.filter(({ resolvable }) => resolvable === true)
        return open.length > 0 && open.every((note) => note.resolved === true)
      })
      .map(({ id }) => id),
  )
  const spoken = said.map(
    ({ thread, id, author, body, position }): Spoken => ({
      ...{ thread, number: id, author: author.username ?? String(author.id), text: body },
      may: author.bot !== true && (levels.get(author.id) ?? 0) >= mayWrite,
      own: author.id === requester,
      bot: author.bot === true,
      ...(typeof position?.new_path === 'string' ? { path: position.new_path } : {}),
      ...(typeof position?.new_line === 'number' ? { line: position.new_line } : {}),
    }),
  )
  return { spoken, isResolved: (thread) => resolved.has(thread) }
}

/** The discussions of a merge request that nobody has answered or resolved. */
export async function threadsOn(gitlab: Gitlab, iid: number, kept: Kept): Promise<Threads> {
  const at = `/merge_requests/${iid}`
  const { author } = await gitlab.get(at, {}, MergeRequest, kept)
  const { spoken, isResolved } = await spokenOn(gitlab, at, author?.id, kept)
  return { ...threadsOf(spoken, isResolved), notes: [] }
}

/** Answers a discussion; GitLab tells no address of a note. */
export async function answerThread(
  gitlab: Gitlab,
  iid: number,
  { id }: Pick<ReviewThread, 'id'>,
  body: string,
): Promise<undefined> {
  await gitlab.send('POST', `/merge_requests/${iid}/discussions/${id}/notes`, { body }, z.unknown())
}
