import { z } from 'zod'
import { StepName } from './report.ts'

/** How much of each part a session keeps; what is left out is counted. */
export const whyRoom = {
  failures: 20,
  places: 20,
  message: 600,
  changes: 30,
  whole: 12,
  sites: 20,
  siteCharacters: 200,
  text: 600,
  entries: 30,
  notes: 12_000,
  packages: 500,
  scripts: 40,
  script: 400,
} as const

/** Where a failure shows: a line of a file, a test, or both. */
export const FailurePlace = z.strictObject({
  file: z.string().optional(),
  /** 1-based. */
  line: z.int().positive().optional(),
  test: z.string().optional(),
})
export type FailurePlace = z.infer<typeof FailurePlace>

/** One cause, and everything that fails for it. */
export const BrokenBy = z.strictObject({
  step: StepName,
  command: z.string(),
  /** As the tool names it: `ERR_PACKAGE_PATH_NOT_EXPORTED`, `TS2339`; not in `message`. */
  code: z.string().optional(),
  message: z.string(),
  places: z.array(FailurePlace),
  /** Places beyond those. */
  more: z.int().nonnegative(),
})
export type BrokenBy = z.infer<typeof BrokenBy>

/** A line of the repository, as the base has it. */
export const UseSite = z.strictObject({ path: z.string(), line: z.int().positive(), text: z.string() })
export type UseSite = z.infer<typeof UseSite>

/** A difference of the package's public interface, and the lines of the repository that meet it. */
export const InterfaceChange = z.strictObject({
  name: z.string(),
  kind: z.enum(['removed', 'changed', 'deprecated', 'added']),
  /** One line of Markdown: names and declarations stand in code spans. */
  text: z.string(),
  sites: z.array(UseSite),
  /** Lines beyond those. */
  more: z.int().nonnegative(),
})
export type InterfaceChange = z.infer<typeof InterfaceChange>

/** An entry of the changelog that the package carries; Markdown of whoever published it. */
export const ChangelogEntry = z.strictObject({
  version: z.string(),
  text: z.string(),
  /** Its end is left out. */
  cut: z.literal(true).optional(),
})
export type ChangelogEntry = z.infer<typeof ChangelogEntry>

/** A package that the lock file, or what stands for it, has in other versions than before. */
export const PackageMove = z.strictObject({
  name: z.string(),
  /** All versions of it, the lowest first; empty: it was not there. */
  before: z.array(z.string()),
  /** All versions of it now; empty: it is gone. */
  after: z.array(z.string()),
  /** What a version that was not there before runs when it is installed; empty where only that it runs something is known. */
  scripts: z.array(z.strictObject({ name: z.string(), command: z.string() })).optional(),
  /** Nothing says whether it runs something. */
  unread: z.literal(true).optional(),
})
export type PackageMove = z.infer<typeof PackageMove>

/**
 * What an update changed and why it broke something, as far as that could be read. A part that is missing was not looked
 * for or could not be read; an empty one was, and there is nothing.
 */
export const WhyItBroke = z.strictObject({
  /** What the update alone broke, causes first; nothing of what failed before it. */
  failures: z.strictObject({ list: z.array(BrokenBy), more: z.int().nonnegative() }).optional(),
  interface: z
    .strictObject({
      /**
       * What whoever uses the package meets, whatever of it: its module format, the Node it asks for, what it brings. One
       * line of Markdown each; missing in older logs.
       */
      whole: z.array(z.string()).optional(),
      /** Those that the repository meets. */
      met: z.array(InterfaceChange),
      /** Further ones that it meets. */
      more: z.int().nonnegative(),
      /** Differences that no line of the repository is known to meet. */
      unmet: z.int().nonnegative(),
      /** Lines that use the package where no difference is known that they meet. */
      sites: z.array(UseSite),
    })
    .optional(),
  /** Newest first. */
  changelog: z.strictObject({ entries: z.array(ChangelogEntry), more: z.int().nonnegative() }).optional(),
  /** When the two versions were published, as the registry says; UTC. */
  released: z.strictObject({ from: z.iso.datetime().optional(), to: z.iso.datetime().optional() }).optional(),
  /** By name. */
  packages: z.strictObject({ moves: z.array(PackageMove), more: z.int().nonnegative() }).optional(),
})
export type WhyItBroke = z.infer<typeof WhyItBroke>
