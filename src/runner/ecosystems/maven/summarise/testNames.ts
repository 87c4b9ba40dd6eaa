/** A test as surefire names it. */
export interface NamedTest {
  /** With package where it is known; nested classes with `$`. */
  readonly class: string
  /** With parameters and index, such as `adds(int)[1]`; undefined where the class itself failed. */
  readonly method?: string
  /** Of the class, where `Class>Super.method` names both. */
  readonly outer?: string
  readonly line?: number
}

const CLASS_PATH = String.raw`(?:[a-z_][\w]*\.)*[A-Z_$][\w$]*`
const METHOD_OF_CLASS = /^(.+?)\(([\w$]+(?:\.[\w$]+)*)\)$/s
const CLASS_METHOD = new RegExp(`^(${CLASS_PATH}(?:\\.[A-Z][\\w$]*)*)\\.([^.].*)$`, 's')
const CLASS_ONLY = /^(?:[a-z_]\w*\.)+[A-Z_$][\w$]*$/

/** `Inner` of `com.acme.CartTest$Inner`. */
export function simpleClass(name: string): string {
  return name.split('.').at(-1)?.split('$').at(-1) ?? ''
}

/** A method without parameters and index. */
export function baseMethod(method: string): string {
  return method.split(/[([{]/)[0]?.trim() || method
}

/** The test of a line `NAME  Time elapsed: … <<< FAILURE!` below the header of `current`. */
export function testOf(name: string, current: string): NamedTest {
  if (name === current || CLASS_ONLY.test(name)) return { class: name }
  if (current !== '' && name.startsWith(`${current}.`))
    return { class: current, method: name.slice(current.length + 1) }
  const old = METHOD_OF_CLASS.exec(name)
  const owner = old?.[2] ?? ''
  if (old?.[1] !== undefined && (owner === current || owner === simpleClass(current) || isClass(owner))) {
    return old[1] === owner
      ? { class: owner }
      : { class: owner.includes('.') ? owner : current || owner, method: old[1] }
  }
  const full = CLASS_METHOD.exec(name)
  if (full?.[1]?.includes('.') && full[2] !== undefined) return { class: full[1], method: full[2] }
  return { class: current || (full?.[1] ?? name), method: current === '' && full?.[2] ? full[2] : name }
}

/** A qualified class that is no type of a parameter. */
function isClass(name: string): boolean {
  return /^(?!java\.)(?:[a-z_]\w*\.)+[A-Z_$][\w$]*$/.test(name)
}

const RUN = /^Run \d+: /
const ENTRY_OLD = /^([^\s:(][^(:]*?)\(([\w$]+(?:\.[\w$]+)+)\)(?::\s*(.*))?$/
const ENTRY_HEAD = new RegExp(`^(${CLASS_PATH})(?:>(${CLASS_PATH}))?(?=[.:»\\s-]|$)(.*)$`, 's')
const METHOD_PLAIN = /^\.([\w$]+(?:\([^)]*\))?(?:\[[^\]]*\])*(?:\{[^}]*\})?)(?=[:\s]|->|$)/
const METHOD_SPACED = /^\.(.+?)(?=:\d+(?:->|\s|$)|->| » )/

/** A line of the closing results, such as `CartTest>Base.adds:12->check:3 expected: <3>`. */
export function entryOf(text: string): { test?: NamedTest; message: string } {
  const bare = text.replace(RUN, '')
  const old = ENTRY_OLD.exec(bare)
  if (old?.[1] !== undefined && old[2] !== undefined && isClass(old[2])) {
    return { test: { class: old[2], method: old[1] }, message: old[3] ?? '' }
  }
  const head = ENTRY_HEAD.exec(bare)
  if (head?.[1] === undefined) return { message: bare }
  const rest = head[3] ?? ''
  const method = methodOf(rest)
  if (method === undefined && !/^(?::\d+|->|\s+»|\s*$)/.test(rest)) return { message: bare }
  const tail = rest.slice(method === undefined ? 0 : method.length + 1)
  const line = /^:(\d+)/.exec(tail)?.[1]
  const message = tail
    .replace(/^(?::\d+)?(?:->[\w$.<>:]+)*/, '')
    .trim()
    .replace(/^» /, '')
  return {
    test: {
      class: head[1],
      ...(method === undefined ? {} : { method }),
      ...(head[2] === undefined ? {} : { outer: head[2] }),
      ...(line === undefined ? {} : { line: Number(line) }),
    },
    message,
  }
}

function methodOf(rest: string): string | undefined {
  const plain = METHOD_PLAIN.exec(rest)?.[1]
  const spaced = METHOD_SPACED.exec(rest)?.[1]
  if (plain === undefined) return spaced
  if (spaced === undefined || spaced.length <= plain.length) return plain
  return rest[plain.length + 1] === ' ' &&
    !/[»:]/.test(spaced) &&
    spaced.length < 120 &&
    !/^ [A-Z]/.test(rest.slice(plain.length + 1))
    ? spaced
    : plain
}
