import { Page } from './page'

export function rebuild(page: Page): string[] {
  page.slugs.reset()
  return page.titles.map((title) => page.slugs.make(title))
}

export function taken(page: Page, slug: string): boolean {
  return page.slugs.seen.has(slug)
}
