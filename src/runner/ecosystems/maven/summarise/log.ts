/** The plugin goal that is running, from `--- compiler:3.11.0:compile (default-compile) @ shop ---`. */
export interface Mojo {
  /** `compiler` for `maven-compiler-plugin`, `kotlin` for `kotlin-maven-plugin`. */
  readonly plugin: string
  readonly goal: string
  readonly module: string
  /** Counts up, so that two runs of one goal differ. */
  readonly run: number
}

/** A line of a Maven log with its prefix taken apart. */
export interface MavenLine {
  readonly level: 'ERROR' | 'WARNING' | 'INFO' | undefined
  readonly text: string
  readonly number: number
  readonly mojo: Mojo | undefined
}

const LEVEL = /^\[(ERROR|WARNING|WARN|INFO|DEBUG)\] ?/
const MOJO =
  /^(?:---|>>>|<<<) ([\w.:-]+?):([^\s:]+):([\w-]+) (?:[<>] \S+ )?\(([^)]*)\) @ (\S+) (?:---|>>>|<<<)/

/** `compiler` for `maven-compiler-plugin` and for `compiler`. */
export function shortName(artifact: string): string {
  return artifact
    .replace(/^maven-/, '')
    .replace(/(?:-maven)?-plugin$/, '')
    .replace(/-maven$/, '')
}

/** Takes prefixes off and follows which goal runs. */
export class MavenLineParser {
  #mojo: Mojo | undefined
  #runs = 0

  parse(line: string, number: number): MavenLine {
    const match = line.charCodeAt(0) === 0x5b /* [ */ ? LEVEL.exec(line) : null
    if (match === null) return { level: undefined, text: line, number, mojo: this.#mojo }
    const text = line.slice(match[0].length)
    const level = match[1] === 'WARN' ? 'WARNING' : match[1]
    if (level === 'INFO' && text.charCodeAt(0) === 0x2d /* - */) this.#follow(text)
    else if (level === 'INFO' && text === 'BUILD FAILURE') this.#mojo = undefined
    return {
      level: level === 'DEBUG' ? 'INFO' : (level as MavenLine['level']),
      text,
      number,
      mojo: this.#mojo,
    }
  }

  #follow(text: string): void {
    const match = MOJO.exec(text)
    if (match === null) return
    this.#runs += 1
    const artifact = match[1]?.split(':').at(-1) ?? ''
    this.#mojo = {
      plugin: shortName(artifact),
      goal: match[3] ?? '',
      module: match[5] ?? '',
      run: this.#runs,
    }
  }
}

/** One part of the Maven recogniser. */
export interface MavenPart {
  readonly line: (line: MavenLine) => void
}

/** Everywhere in `text`, coordinates such as `org.slf4j:slf4j-api:jar:2.0.9`. */
export function coordinates(text: string): string[] {
  const found =
    text.match(/(?<![\w./:-])[A-Za-z_][\w.-]*:[A-Za-z_][\w.-]*(?::[\w.${}-]+){1,4}(?![\w/])/g) ?? []
  return found
    .filter((each) => !/^(?:https?|file|Caused|Rule)\b/.test(each))
    .map((each) => each.replace(/:optional$/, '').replace(/[.,:]+$/, ''))
}

/** `org.slf4j:slf4j-api` of coordinates. */
export function groupArtifact(coordinate: string): string {
  return coordinate.split(':').slice(0, 2).join(':')
}
