export interface SlugOptions { delimiter?: string; lowercase?: boolean; limit?: number }
export declare class Slugger {
  constructor(options?: SlugOptions)
  slug(text: string): string
  clear(): void
  has(slug: string): boolean
}
export default Slugger
