export interface Config { entry: string; output: string; sourcemaps?: boolean }
export function build(config: Config): string
