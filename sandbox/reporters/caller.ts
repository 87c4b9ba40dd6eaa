import { quietly } from './record.ts'

/** File of the innermost caller outside `own`; undefined where there is none. */
export function callerOutside(own: RegExp): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error
  return quietly(() => {
    try {
      Error.stackTraceLimit = 40
      Error.prepareStackTrace = (_, sites) => sites
      const holder: { stack?: unknown } = {}
      Error.captureStackTrace(holder, callerOutside)
      const sites = Array.isArray(holder.stack) ? (holder.stack as NodeJS.CallSite[]) : []
      const names = sites
        .map((site) => site.getFileName() ?? '')
        .map((name) => name.replace(/^file:\/\//, ''))
      return names.find((name) => /^(\/|[A-Za-z]:)/.test(name) && name !== __filename && !own.test(name))
    } finally {
      Error.prepareStackTrace = prepareStackTrace
      Error.stackTraceLimit = stackTraceLimit
    }
  })
}
