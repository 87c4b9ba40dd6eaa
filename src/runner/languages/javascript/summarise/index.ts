import type { Recogniser } from '../../../summarise/finding.ts'
import { ava } from './ava.ts'
import { esbuild } from './esbuild.ts'
import { eslint } from './eslint.ts'
import { jest } from './jest.ts'
import { mocha } from './mocha.ts'
import { nodeSpec } from './nodeSpec.ts'
import { prettier } from './prettier.ts'
import { rollup } from './rollup.ts'
import { tap } from './tap.ts'
import { tsc } from './tsc.ts'
import { vitest } from './vitest.ts'
import { webpack } from './webpack.ts'

/**
 * Compilers, linters, bundlers and test runners, whatever package manager ran them. `folder` is that of the package whose
 * line is read, with a slash at its end.
 */
export function tools(folder: () => string): readonly Recogniser[] {
  return [
    ...[tsc(folder), eslint(), prettier(), esbuild(), webpack(), rollup()],
    ...[tap(), nodeSpec(), mocha(), jest(), vitest(), ava()],
  ]
}
