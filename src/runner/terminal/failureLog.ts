import type { Failure } from '../../contract/failure.ts'
import { oneLine } from './text.ts'

/** Failures whose detail is a log that names the reason, and the lines of it that are shown. */
const shown: Partial<Readonly<Record<Failure['code'], number>>> = {
  'image-build-failed': 20,
  'protection-missing': 20,
}

/** The end of a failure's log, line by line; empty where its one line says it all. */
export function failureLog({ code, detail = '', message }: Failure): readonly string[] {
  const most = shown[code]
  if (most === undefined || message.endsWith(detail)) return []
  const lines = detail.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-most).map((line) => oneLine(line, 300))
}
