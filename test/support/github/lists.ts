import { type Answer, notFound } from './operations.ts'
import type { Shapes } from './shapes.ts'
import type { World } from './world.ts'

type List = (
  world: World,
  shapes: Shapes,
  path: Readonly<Record<string, string>>,
  query: URLSearchParams,
) => Promise<Answer>

/** Operations that belong to no repository, by the name they have in the description. */
export const lists: Readonly<Record<string, List>> = {
  'repos/list-for-org': async (world, shapes, { org = '' }, query) =>
    org === world.login ? notFound : repositories(world, shapes, org, query),
  'repos/list-for-user': (world, shapes, { username = '' }, query) =>
    repositories(world, shapes, username, query),
}

async function repositories(
  world: World,
  shapes: Shapes,
  owner: string,
  query: URLSearchParams,
): Promise<Answer> {
  const all = world.repositories.filter((one) => one.owner === owner)
  if (all.length === 0) return notFound
  const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)]
  const shown = all.slice((page - 1) * size, page * size)
  return { status: 200, body: await Promise.all(shown.map((one) => shapes.listed(one))) }
}
