/** Hosts whose first two package segments are shared by many projects, so that a third is needed. */
const SHARED_HOSTS =
  /^(?:org\.(?:apache|eclipse|springframework|jenkinsci|codehaus)|(?:com|io)\.(?:github|gitlab|google|microsoft|amazonaws)|software\.amazon)\./

/** Package prefix that a project's classes share with `className`, such as `com.acme.`. */
export function packagePrefix(className: string): string {
  const segments = className.split('.').slice(0, -1)
  const depth = SHARED_HOSTS.test(className) ? 3 : 2
  return segments.length === 0 ? '' : `${segments.slice(0, depth).join('.')}.`
}

export interface JavaFrame {
  /** `com.acme.shop.Cart.sum`. */
  readonly method: string
  readonly file: string
  readonly line: number
}

const JAVA_FRAME = /^\s*at (?:[\w.@-]*\/)*([\w.$<>/ -]+)\(([\w$-]+\.(?:java|kt|scala|groovy)):(\d+)\)/

/** A line of a Java stack trace; undefined where it is none or names no source line. */
export function javaFrame(line: string): JavaFrame | undefined {
  const match = JAVA_FRAME.exec(line)
  if (match === null) return undefined
  return { method: match[1] ?? '', file: match[2] ?? '', line: Number(match[3]) }
}

/** `com/acme/shop/Cart.java` from a frame of `com.acme.shop.Cart.sum`. */
export function javaFile(frame: JavaFrame): string {
  const segments = frame.method.split('.')
  return [...segments.slice(0, -2), frame.file].join('/')
}
