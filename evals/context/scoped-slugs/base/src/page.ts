import Slugger, { type SlugOptions } from '@tide/slugs'

export const defaults: SlugOptions = { separator: '-', lowercase: true }

export class Page {
  readonly slugs = new Slugger(defaults)
  readonly titles: string[] = []

  add(title: string): string {
    this.titles.push(title)
    return this.slugs.make(title)
  }
}
