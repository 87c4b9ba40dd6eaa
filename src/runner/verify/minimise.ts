import type { Dropped } from '../patch/drop.ts'

/** A file of the patch and how many of its hunks can be left out; 0 where it only goes whole. */
export interface Changeable {
  readonly path: string
  readonly hunks: number
}

export interface MinimiseLimits {
  readonly checks: number
  readonly milliseconds: number
  /** More hunks than this are not looked through. */
  readonly hunks: number
}

/** Parts that can all be left out together while the checks stay as green. */
export interface Minimised {
  readonly unneeded: readonly Dropped[]
  readonly checks: number
  /** Every part was tried; false where a limit came first. */
  readonly complete: boolean
}

type Part = readonly Dropped[]

function wholeOf({ path, hunks }: Changeable): Part {
  return hunks <= 1 ? [{ path }] : Array.from({ length: hunks }, (_, hunk) => ({ path, hunk }))
}

function partCount(files: readonly Changeable[]): number {
  return files.reduce((sum, { hunks }) => sum + Math.max(1, hunks), 0)
}

/** A whole file is said as such. */
function folded(files: readonly Changeable[], dropped: readonly Dropped[]): readonly Dropped[] {
  return files.flatMap(({ path, hunks }) => {
    const own = dropped.filter((one) => one.path === path)
    return own.length === Math.max(1, hunks) ? [{ path }] : own
  })
}

/**
 * Looks for parts of a change that the checks do not need: each file is left out, then each hunk of those that cannot
 * be, always together with what was found needless before (the greedy half of ddmin; Zeller and Hildebrandt, 2002).
 * `stays` says whether the checks are as green without the parts, undefined where its time was over before it knew; the
 * first may take as long as it takes. The change is never left out as a whole.
 */
export async function minimise(
  files: readonly Changeable[],
  stays: (dropped: readonly Dropped[], milliseconds: number) => Promise<boolean | undefined>,
  limits: MinimiseLimits,
  now: () => number,
): Promise<Minimised> {
  const all = partCount(files)
  if (all > limits.hunks || all < 2) return { unneeded: [], checks: 0, complete: all < 2 }
  const until = now() + limits.milliseconds
  const gone: Dropped[] = []
  let checks = 0
  let slowest = 0
  let complete = true
  const tryWithout = async (part: Part): Promise<boolean> => {
    // Nothing left of the change is the state that was red.
    if (gone.length + part.length >= all) return false
    if (checks >= limits.checks || (checks > 0 && now() + slowest > until)) {
      complete = false
      return false
    }
    const start = now()
    checks += 1
    const left = checks === 1 ? Number.MAX_SAFE_INTEGER : until - start
    const needless = await stays(folded(files, [...gone, ...part]), left)
    slowest = Math.max(slowest, now() - start)
    if (needless === undefined) complete = false
    if (needless === true) gone.push(...part)
    return needless === true
  }
  for (const file of files) {
    if (await tryWithout(wholeOf(file))) continue
    for (const one of file.hunks > 1 ? wholeOf(file) : []) await tryWithout([one])
  }
  return { unneeded: folded(files, gone), checks, complete }
}
