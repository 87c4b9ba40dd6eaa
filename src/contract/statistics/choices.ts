/* What a page or a command may be asked for. The page bundles this file: nothing here needs a schema. */

export const groupings = ['week', 'ecosystem', 'package', 'model', 'prompt'] as const
export type Grouping = (typeof groupings)[number]

export const spans = ['all', '7d', '30d', '90d', '365d'] as const
export type Span = (typeof spans)[number]
