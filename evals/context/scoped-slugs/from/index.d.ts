export interface SlugOptions { separator?: string; lowercase?: boolean; limit?: number }
export declare class Slugger {
  constructor(options?: SlugOptions)
  make(text: string): string
  reset(): void
  seen: Set<string>
}
export default Slugger
