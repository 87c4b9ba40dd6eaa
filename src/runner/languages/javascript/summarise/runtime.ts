import type { SummaryCategory } from '../../../../contract/report.ts'
import { type Finding, type Recogniser, weights } from '../../../summarise/finding.ts'
import { type NodeFrame, nodeFrame, ownFile } from '../frames.ts'

const ERROR =
  /^\s{0,2}(?:Exception during run: |Uncaught |\S*\[[\w ]+\] |\[cause\]: )*((?:[A-Z]\w*)?(?:Error|Exception)(?: ?\[[^\]]*\])?): (.*)$/
/** `file:///w/a.mjs:3`, as Node prints it above the code at fault. */
const PLACE = /^(?:file:\/\/)?((?:\/|[A-Za-z]:\\).*\.(?:[cm]?[jt]sx?|json)):(\d+)$/
const IMPORTER = /(?:imported from|from) ((?:file:\/\/)?\/\S+?\.[cm]?[jt]sx?)\b/
const REQUIRED = /^- (\/\S+)$/
const CAUSE = /^\s*(?:\[cause\]|\[errors\]|Caused by): ?(.*)$/
const PRELUDE = /^(?:Exception during run|Uncaught): /
/** A module that is missing, is not exported or is of the other kind: nothing behind it ran. */
const LOAD =
  /\[?ERR_(?:REQUIRE_ESM|REQUIRE_ASYNC_MODULE|REQUIRE_CYCLE_MODULE|MODULE_NOT_FOUND|PACKAGE_PATH_NOT_EXPORTED|PACKAGE_IMPORT_NOT_DEFINED|UNSUPPORTED_DIR_IMPORT|UNKNOWN_FILE_EXTENSION|INVALID_PACKAGE_TARGET|IMPORT_ATTRIBUTE_MISSING)\b|^(?:\w*Error: )?(?:Cannot find (?:module|package) |Cannot use import statement outside a module|The requested module .* does not provide an export named|Named export .* not found|Package subpath .* is not defined by|Package import specifier .* is not defined|No "exports" main defined in |require\(\) of ES Module |Must use import to load ES Module|Directory import .* is not supported|Unknown file extension |Failed to load url |Missing ".*" specifier in |".*" is not exported under the conditions )/
/** `SyntaxError[ @/w/a.test.js ]: …`, as mocha says which file it was loading. */
const NAMED = / ?\[ @(\/[^\]]*?) ?\]/
const CODE_FIELD = /^\s*code: '([A-Z][A-Z0-9_]+)',?$/
const MOST = 5

interface Thrown {
  readonly head: string
  readonly place: NodeFrame | undefined
  /** The place, where it is in an installed package. */
  readonly foreign: string | undefined
  readonly code: string | undefined
  readonly body: string[]
  readonly number: number
}

/** Uncaught errors of Node.js, with the place that Node or the stack names. */
export function runtime(category: () => SummaryCategory): Recogniser {
  const thrown: Thrown[] = []
  let place: NodeFrame | undefined
  let foreign: string | undefined
  let code: string | undefined
  let age = 0
  let open: Thrown | undefined
  const start = (head: string, number: number) => {
    open =
      thrown.length < MOST && !thrown.some((each) => each.head === head)
        ? { head, place, foreign, code, body: [], number }
        : undefined
    if (open !== undefined) thrown.push(open)
    place = undefined
    foreign = undefined
    code = undefined
  }
  return {
    needles: ['rror', 'Exception', 'js:', '.ts:'],
    busy: () => open !== undefined,
    line(line, number) {
      age += 1
      const match = line.includes('Error') || line.includes('Exception') ? ERROR.exec(line) : null
      if (match !== null && !CAUSE.test(line)) return start(line.trim(), number)
      const at = line.length < 500 && PLACE.test(line) ? PLACE.exec(line) : null
      if (at?.[1] !== undefined) {
        place = ownFile(at[1]) ? { file: at[1], line: Number(at[2]), column: 0 } : undefined
        foreign = place === undefined ? `${at[1]}:${at[2]}` : undefined
        code = undefined
        age = 0
      } else if ((place ?? foreign) !== undefined && age === 1) code = line.trim()
      else if (age > 6) {
        place = undefined
        foreign = undefined
      }
      if (open === undefined) return
      if (open.body.length < 40 && (line.trim() !== '' || open.body.length < 3)) open.body.push(line)
      else open = undefined
    },
    end() {
      const proven = thrown
        .filter(({ body, place: at }) => at !== undefined || body.some((line) => /^\s+at /.test(line)))
        .toSorted((a, b) => Number(isLoad(b)) - Number(isLoad(a)))
      if (proven.length === 0) return undefined
      return {
        category: category(),
        title: `Node.js: ${proven[0]?.head.replace(PRELUDE, '').replace(NAMED, '').replace(/: .*/s, '') ?? 'an error'} was thrown`,
        weight: proven.some(isLoad) ? weights.load : weights.runtime,
        firstLine: proven[0]?.number ?? 1,
        findings: proven.map(findingOf),
      }
    },
  }
}

function isLoad({ head }: Thrown): boolean {
  const message = head.replace(PRELUDE, '').replace(NAMED, '')
  return LOAD.test(message) || LOAD.test(message.replace(/^\w*Error(?: \[\w+\])?: /, ''))
}

/** The codes of Node's own messages, for where somebody prints them without. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/: Package subpath '.*' is not defined by "exports" in /, 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
  [/: No "exports" main defined in /, 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
  [/: Package import specifier .* is not defined /, 'ERR_PACKAGE_IMPORT_NOT_DEFINED'],
  [/: Cannot find package '.*' imported from /, 'ERR_MODULE_NOT_FOUND'],
  [/: Cannot find module '.*' imported from /, 'ERR_MODULE_NOT_FOUND'],
  [/: (?:require\(\) of ES Module |Must use import to load ES Module)/, 'ERR_REQUIRE_ESM'],
  [/: Directory import '.*' is not supported /, 'ERR_UNSUPPORTED_DIR_IMPORT'],
  [/: Unknown file extension /, 'ERR_UNKNOWN_FILE_EXTENSION'],
]

/** `Error [MODULE_NOT_FOUND]: …`, where Node tells the code behind the stack only, or the message has always that one. */
function withCode(message: string, body: readonly string[]): string {
  const told = body.flatMap((line) => CODE_FIELD.exec(line)?.[1] ?? [])[0]
  const code = told ?? CODES.find(([words]) => words.test(message))?.[1]
  return code === undefined || message.includes(code)
    ? message
    : message.replace(/^((?:[A-Z]\w*)?(?:Error|Exception)): /, `$1 [${code}]: `)
}

function findingOf(one: Thrown): Finding {
  const { head, place, foreign, code, body } = one
  const named = NAMED.exec(head)?.[1]
  const plain = head.replace(PRELUDE, '').replace(NAMED, '')
  const message = isLoad(one) ? withCode(plain, body) : plain
  const frames = body.flatMap((line) => nodeFrame(line) ?? []).filter((frame) => ownFile(frame.file))
  const importer =
    IMPORTER.exec(message)?.[1] ?? named ?? body.flatMap((line) => REQUIRED.exec(line)?.[1] ?? [])[0]
  const imported = importer === undefined ? undefined : frames.find((frame) => importer.endsWith(frame.file))
  const at =
    place === undefined || importer !== undefined
      ? (imported ?? place ?? frames[0])
      : (frames.find((frame) => frame.file === place.file && frame.line === place.line) ?? place)
  const file = importer ?? at?.file
  const near =
    file !== undefined && at !== undefined && file.endsWith(at.file)
      ? { line: at.line, ...(at.column > 0 ? { column: at.column } : {}) }
      : {}
  const told = body
    .slice(0, body.findIndex((line) => /^\s+at /.test(line)) >>> 0)
    .filter((line) => line.trim() !== '')
  return {
    failure: { ...(file === undefined ? {} : { file }), ...near, message },
    detail: [
      ...(foreign === undefined ? [] : [`in ${foreign}`]),
      ...(code === undefined || code === '' ? [] : [code]),
      ...told.slice(0, 4).map((line) => line.trim()),
      ...body
        .filter((line) => CAUSE.test(line))
        .slice(0, 2)
        .map((line) => line.trim()),
      ...frames.slice(0, 3).map((frame) => `at ${frame.file}:${frame.line}`),
    ],
  }
}
