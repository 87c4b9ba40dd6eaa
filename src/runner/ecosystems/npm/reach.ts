import { z } from 'zod'
import { tryJson } from '../../../contract/json.ts'
import { workspacePath } from '../../../contract/workspace.ts'
import { functionAt } from '../../languages/javascript/enclosing.ts'
import { syntaxOf } from '../../languages/javascript/syntax.ts'
import type { PlaceReached, Reach, ReachedFile } from '../reach.ts'

/** What the program is asked of a place: `name` as `functionAt` gives it. */
interface Place {
  readonly offset: number
  readonly name?: string
}

interface Asked {
  readonly path: string
  /** UTF-16 code units: a script of another length is not the file as it stands. */
  readonly length: number
  readonly places: readonly Place[]
}

const Answer = z.strictObject({
  loaded: z.array(z.string()),
  places: z.record(z.string(), z.array(z.enum(['reached', 'unreached', 'unknown']))),
})

/** By what V8 counts of every script: each process of Node leaves a file of it where the variable says. */
export const nodeReach: Reach = {
  env: (folder) => ({ NODE_V8_COVERAGE: folder }),
  argv: (folder, files) => {
    const asked = JSON.stringify(files.map(asPlaces))
    return ['/usr/local/bin/node', '-e', lookScript, workspacePath, folder, asked]
  },
  read: (output) => {
    const found = Answer.safeParse(tryJson(output))
    if (!found.success) return undefined
    const places = new Map<string, readonly PlaceReached[]>(Object.entries(found.data.places))
    return { loaded: new Set(found.data.loaded), places }
  },
}

function asPlaces({ path, text, offsets }: ReachedFile): Asked {
  const syntax = syntaxOf(path, text)
  const places = offsets.map((offset): Place => {
    // What cannot be parsed has functions that have no name here.
    const name = syntax === undefined ? '' : functionAt(syntax, offset)
    return { offset, ...(name === undefined ? {} : { name }) }
  })
  return { path, length: text.length, places }
}

/**
 * It reads what V8 wrote and nothing of the workspace. A script as it stands in its file tells of every place: the
 * innermost range around it has the count. One that a transformer made tells of functions by their names.
 */
const lookScript = `
const { readdirSync, readFileSync } = require('node:fs')
const [root, folder, asked] = process.argv.slice(1)
const wanted = new Map(JSON.parse(asked).map((one) => [one.path, one]))
const loaded = new Set()
const found = new Map()
const rank = { reached: 2, unknown: 1, unreached: 0 }
function innermost(functions, offset) {
  let best
  for (const { ranges } of functions)
    for (const one of ranges)
      if (one.startOffset <= offset && offset < one.endOffset &&
        (best === undefined || one.endOffset - one.startOffset <= best.endOffset - best.startOffset)) best = one
  return best
}
function look(functions, length, { offset, name }) {
  if (functions[0].ranges[0].endOffset === length) {
    const range = innermost(functions, offset)
    return range === undefined ? 'unknown' : range.count > 0 ? 'reached' : 'unreached'
  }
  if (name === undefined) return 'reached'
  const same = name === '' ? [] : functions.filter(({ functionName: own }) => own === name || own.endsWith('.' + name))
  return same.length > 0 && same.every(({ ranges }) => ranges[0].count === 0) ? 'unreached' : 'unknown'
}
let names = []
try { names = readdirSync(folder) } catch {}
for (const name of names) {
  let result
  try { result = JSON.parse(readFileSync(folder + '/' + name, 'utf8')).result } catch { continue }
  for (const { url, functions } of result ?? []) {
    let path
    try { path = url.startsWith('file:') ? require('node:url').fileURLToPath(url) : url } catch { continue }
    if (!path.startsWith(root + '/') || path.includes('/node_modules/')) continue
    const own = path.slice(root.length + 1).split('?')[0]
    loaded.add(own)
    const file = wanted.get(own)
    if (file === undefined) continue
    const now = file.places.map((place) => look(functions, file.length, place))
    const before = found.get(own) ?? now
    found.set(own, now.map((one, at) => rank[before[at]] > rank[one] ? before[at] : one))
  }
}
console.log(JSON.stringify({ loaded: [...loaded], places: Object.fromEntries(found) }))
`
