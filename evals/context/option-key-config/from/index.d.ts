export interface Config { entry: string; outDir: string; sourcemaps?: boolean }
export function build(config: Config): string
