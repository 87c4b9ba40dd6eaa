import type { FindingList } from '../summarise/finding.ts'
import { Traceback } from './python/traceback.ts'

/** Reads what a language prints of an error, and adds it to a list. */
export interface TraceReader {
  /** In the middle of one. */
  readonly open: boolean
  line(line: string, number: number): void
}

/** Of languages whose errors may stand in any log, whoever ran what. */
export const tracebacks: readonly ((list: FindingList) => TraceReader)[] = [(list) => new Traceback(list)]
