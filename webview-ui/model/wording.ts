import type { PullRequestPreview, PullRequestWording } from '../../src/contract/pullRequest.ts'

export type WordingField = keyof PullRequestWording

/** A field that is undefined is as it was made. */
export type WordingChange = { readonly [Field in WordingField]?: PullRequestWording[Field] | undefined }

export function withField(wording: PullRequestWording, more: WordingChange): PullRequestWording {
  const entries = Object.entries({ ...wording, ...more }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries)
}

export function changedFields(wording: PullRequestWording): number {
  return Object.keys(wording).length
}

/** Fields of a line, in the order of the form. */
export const lines = ['title', 'branch', 'labels', 'reviewers', 'assignees', 'milestone'] as const
export type LineField = (typeof lines)[number]

const lists: ReadonlySet<string> = new Set(['labels', 'reviewers', 'assignees'])

/** What a line's field says: as a person wants it, else as it was made. */
export function lineOf(field: LineField, wording: PullRequestWording, preview: PullRequestPreview): string {
  const made = {
    ...{ title: preview.title, branch: preview.head, labels: preview.labels, reviewers: preview.asked },
    ...{ assignees: preview.assignees, milestone: preview.milestone ?? '' },
  }
  const value = wording[field] ?? made[field]
  return typeof value === 'string' ? value : value.join(', ')
}

/** What a person typed into a line's field. */
export function changeOf(field: LineField, text: string): PullRequestWording {
  if (!lists.has(field)) return { [field]: text }
  const names = text.split(',').map((name) => name.trim())
  return { [field]: names.filter((name) => name !== '') }
}

/** Where it will not be sent as it was typed: how it will be. */
export function sentAs(
  field: LineField,
  wording: PullRequestWording,
  preview: PullRequestPreview,
  asked: PullRequestWording,
): string | undefined {
  // A preview of what was typed before says nothing of this.
  if (wording[field] === undefined || String(asked[field]) !== String(wording[field])) return undefined
  const sent = lineOf(field, {}, preview)
  return sent === lineOf(field, wording, preview) ? undefined : sent
}
