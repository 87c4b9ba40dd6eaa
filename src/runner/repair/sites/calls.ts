/** A call on a line: the name that it begins with, and its arguments as far as the line has them. */
export interface Call {
  readonly name: string
  readonly given: readonly string[]
}

const head = /(?<![\w$.])([A-Za-z_$][\w$]*)\(/g
const closes: Readonly<Record<string, number>> = { '(': 1, '[': 1, '{': 1, ')': -1, ']': -1, '}': -1 }

/** Calls of plain names: `f(a, b.c(1, 2))`, `new A(b)`. */
export function callsIn(line: string): readonly Call[] {
  return [...line.matchAll(head)].map(({ 0: text, 1: name = '', index }) => {
    return { name, given: argumentsAt(line, index + text.length) }
  })
}

function argumentsAt(line: string, start: number): readonly string[] {
  const given: string[] = []
  let [depth, from, at] = [0, start, start]
  for (; at < line.length && depth >= 0; at += 1) {
    const sign = line[at] ?? ''
    depth += closes[sign] ?? 0
    if (depth === 0 && sign === ',') {
      given.push(line.slice(from, at))
      from = at + 1
    }
  }
  return [...given, line.slice(from, depth < 0 ? at - 1 : at)]
}

const chain = /^\s*[A-Za-z_$][\w$]*(?:\??\.[\w$]+|\[[^\]]*\])*\s*$/
const made = /^\s*[A-Za-z_$][\w$]*(?:\??\.[\w$]+)+\(.*\)\s*$/

/** The part of an argument that names what is handed over: itself, or what one of its methods makes of it. */
export function handedBy(argument: string): string | undefined {
  if (chain.test(argument)) return argument
  return made.test(argument) ? argument.slice(0, argument.indexOf('(')) : undefined
}
