import { breakingLines } from '../../../contract/changelogRows.ts'
import type { Report, Step } from '../../../contract/report.ts'
import type { ApiChange, Release } from '../../ecosystems/release/release.ts'
import { languages } from '../../languages/index.ts'
import { renames } from '../context/renames.ts'
import { type Unknown, unknownIn } from './unknown.ts'

/** What the repository is searched for, beside the imports of the package. */
export interface Terms {
  /** Members that are gone or that a failure names: a use of one has to change. */
  readonly gone: ReadonlySet<string>
  /** Of those that differ the ones that took several kinds of values and take one now. */
  readonly narrowed: ReadonlySet<string>
  /** Members whose declaration differs: a use of one may have to change. */
  readonly changed: ReadonlySet<string>
  /** Text in quotes that is no longer one of the values: error codes, names of events. */
  readonly values: ReadonlySet<string>
  /** Strings that the package's source no longer has: they count in quotes, where something is handed to it. */
  readonly strings: ReadonlySet<string>
  /** Of what is gone that of which only the word is known: a name that a file gives to something of its own is none. */
  readonly words: ReadonlySet<string>
  /** Modules that cannot be loaded any more. */
  readonly modules: ReadonlySet<string>
  /** What a failure quotes: an option of a command, a pattern, a key. */
  readonly quoted: ReadonlySet<string>
  /** What `require` or a default import gives is another thing. */
  readonly whole: boolean
  /** Only `import` gives what `require` gave. */
  readonly esm: boolean
  /** What it gives as a whole is called as before, whatever it is loaded by. */
  readonly callable: boolean
  /** Options that still work and are called old: configuration is better off without them. */
  readonly old: ReadonlySet<string>
  /** What changed and what that belongs to, by whole name, where code is also written so. */
  readonly names: readonly string[]
  /** Types whose members are gone or different: a function that stands for one has to change. */
  readonly owners: ReadonlySet<string>
  /** Functions that give a promise now. */
  readonly promised: ReadonlySet<string>
  /** A failure shows a promise in the place of a value: any function of the package may give it. */
  readonly pending: boolean
  /** A compiler said what does not fit, line by line. */
  readonly compiled: boolean
  /** A compiler that knows types read the code and said in words where it does not fit. */
  readonly checked: boolean
  /** Classes of which only a constructor is another. */
  readonly constructors: ReadonlySet<string>
  /** Types that differ only for whoever implements them. */
  readonly duties: ReadonlySet<string>
  /** Functions that no longer take a callback. */
  readonly uncalled: ReadonlySet<string>
  /** What is gone and stands for something new that has to be imported. */
  readonly imported: ReadonlySet<string>
  /** Lines of stack traces, `path:line`, as failures write them. */
  readonly frames: readonly string[]
  /** Lines that failures point at. */
  readonly places: readonly string[]
  /** Names that a compiler misses or knows no type of. */
  readonly unknown: readonly Unknown[]
}

const said = {
  modules: languages.flatMap(({ said: { modules = [] } }) => modules),
  words: [
    ...languages.flatMap(({ said: { words } }) => words),
    /(?:[Uu]nknown|[Ii]nvalid|[Uu]nrecognized|removed) (?:key|option|property|field|setting)s?:? ['"`]?([A-Za-z_$][\w$]*)/g,
  ],
  quoted: [
    /(?<![\w-])(--[a-z][\w-]+)/g,
    /\brules? ['"`]?(@?[\w-]+(?:\/[\w-]+)?)/g,
    /(?<=[\s'"`])((?:\.{0,2}\/)?[\w./-]*[/*:?(][\w./*:?()+{}-]*\w?[*)?]?)(?=[\s'"`;,]|$)/g,
  ],
}

function matches(texts: readonly string[], patterns: readonly RegExp[]): readonly string[] {
  return texts.flatMap((text) =>
    patterns.flatMap((one) => [...text.matchAll(one)].map(([, found = '']) => found)),
  )
}

function last(chain: string): string {
  return chain.split('.').at(-1) ?? chain
}

/** Values of string-literal unions on either side of a change. */
function literals(texts: readonly string[]): ReadonlySet<string> {
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/'([^'\s]{3,})'/g)].map(([, found = '']) => found)),
  )
}

/** Names that a changelog gives in code, in the lines that speak of what is gone or different. */
function notedNames(release: Release | undefined): readonly string[] {
  const lines = (release?.notes ?? []).flatMap(({ text }) => breakingLines(text))
  return lines.flatMap((line) =>
    [...line.matchAll(/`([^`\n]{2,60})`/g)].map(([, code = '']) => {
      return last(code.replace(/[(=: ].*$/, '')).replace(/[^\w$]/g, '')
    }),
  )
}

const most = 1_500

function some(words: Iterable<string>): ReadonlySet<string> {
  return new Set([...words].filter((word) => word.length > 1).slice(0, most))
}

/** What to look for, from what fails, how the interface differs and what the changelog names. */
export function termsOf(name: string, release: Release | undefined, report: Report | undefined): Terms {
  const steps = (report?.steps ?? []).filter(({ exitCode }) => exitCode !== 0)
  const texts = steps.map(({ summary }) => summary?.text ?? '')
  const changes = (release?.changes ?? []).filter(({ kind, of }) => kind !== 'added' && of !== 'package')
  const members = changes.filter(({ of }) => of === 'member')
  const removed = members.filter(({ kind }) => kind === 'removed')
  const changed = members.filter(({ kind }) => kind === 'changed')
  const { names, strings } = readIn(changes)
  const gone = [
    ...removed.filter((one) => one.elsewhere !== true).map(({ word }) => word),
    ...[...lostIn(members), ...names],
  ]
  const unsure = removed.filter((one) => one.elsewhere === true).map(({ word }) => word)
  const values = changed.flatMap(({ before, after }) => {
    const kept = literals(after)
    return [...literals(before)].filter((value) => !kept.has(value))
  })
  // A name of the package itself is on every line that uses it.
  const own = new Set(name.split(/[^\w$]+/))
  const failing = matches(texts, said.words).map(last)
  const modules = changes.filter(({ of }) => of === 'module').map(({ name: one }) => one)
  const paths = matches(texts, said.modules).map((path) =>
    path.startsWith('./') ? `${name}${path.slice(1)}` : path,
  )
  const differing = members.filter(({ kind }) => kind !== 'deprecated')
  const owners = differing.flatMap(({ name: one }) => one.split('.').slice(0, -1).join('.') || [])
  return {
    gone: some([...failing, ...gone.filter(isName)]),
    changed: some(
      [
        ...[...changed, ...changes.filter(({ of, kind }) => of === 'word' && kind === 'changed')].map(
          ({ word }) => word,
        ),
        ...unsure,
        ...notedNames(release).filter((word) => !own.has(word)),
      ].filter(isName),
    ),
    narrowed: some(changed.filter(isNarrowed).map(({ word }) => word)),
    values: some(values),
    strings: some(strings),
    words: some([...lostIn(members), ...names]),
    modules: some([...modules, ...paths.filter((one) => one !== name)]),
    whole: changes.some(({ name: one }) => one === 'export =' || one === 'default') || isModuleNow(release),
    esm: isModuleNow(release),
    callable: isModuleNow(release) && hasDefaultNow(release),
    old: some(members.filter(({ kind }) => kind === 'deprecated').map(({ word }) => word)),
    names: wholeNames([...differing.map(({ name: one }) => one), ...owners]),
    owners: some(owners.map(last)),
    promised: some(changed.filter(isPromised).map(({ word }) => word)),
    constructors: constructorsOf(differing),
    duties: dutiesOf(differing),
    uncalled: some(differing.filter(isUncalled).map(({ word }) => word)),
    imported: some(release === undefined ? [] : importedNow(release)),
    unknown: unknownIn(report),
    ...saidBy(steps, name),
  }
}

/** What failures say beside the words of what is gone. */
function saidBy(
  steps: readonly Step[],
  name: string,
): Pick<Terms, 'quoted' | 'pending' | 'compiled' | 'checked' | 'frames' | 'places'> {
  const texts = steps.map(({ summary }) => summary?.text ?? '')
  const quoted = [...matches(texts, said.quoted), ...textsQuoted(steps, name)]
  return {
    quoted: new Set(quoted.filter((one) => one.length > 3).slice(0, 50)),
    pending: texts.some((text) =>
      /Promise \{|\[object Promise\]|on type 'Promise<|'Promise<[^']*>' is not/.test(text),
    ),
    compiled: steps.length > 0 && steps.every(({ summary }) => summary?.category === 'COMPILATION_FAILURE'),
    checked: steps.some(({ summary }) => summary?.category === 'COMPILATION_FAILURE'),
    frames: [...new Set(matches(texts, [/^\s+at ([^\s:]+:\d+)/gm]))],
    places: [...new Set(placesIn(texts))],
  }
}

/**
 * What a failure quotes that no compiler and no assertion told: a value that is not taken. Plain words stand anywhere;
 * what an assertion compares is the test's.
 */
function textsQuoted(steps: readonly Step[], name: string): readonly string[] {
  const told = steps.filter(({ summary }) => summary?.category !== 'COMPILATION_FAILURE')
  const causes = told
    .flatMap(({ summary }) => (summary?.text ?? '').split('\n'))
    .filter((line) => line.startsWith('- ') && !line.includes('AssertionError'))
  return matches(causes, [/'([^'\n]{4,60})'/g, /"([^"\n]{4,60})"/g, /`([^`\n]{4,60})`/g]).filter(
    (one) => /[^a-z]/.test(one) && !one.startsWith('.') && one !== name,
  )
}

function isName(word: string): boolean {
  return /^[\w$]+$/.test(word)
}

/** What its source read and no longer has: names of properties, and strings, which stand in quotes. */
function readIn(changes: readonly ApiChange[]): { names: readonly string[]; strings: readonly string[] } {
  const read = changes.filter(({ of, kind }) => of === 'word' && kind === 'removed')
  const isString = ({ word, before }: ApiChange) => before[0] !== word
  return {
    names: read.filter((one) => !isString(one)).map(({ word }) => word),
    strings: read.filter(isString).map(({ word }) => word),
  }
}

function lostIn(members: readonly ApiChange[]): readonly string[] {
  return members.flatMap(({ lost = [] }) => lost)
}

/** Members that are probably exports of their own now. */
function importedNow(release: Release): readonly string[] {
  const fresh = new Set(
    release.changes
      .filter(({ kind, of, name }) => kind === 'added' && of === 'member' && /^[\w$]+$/.test(name))
      .map(({ name }) => name),
  )
  const renamed = renames(release)
  return release.changes
    .filter((change) => change.kind === 'removed' && change.of !== 'package')
    .filter((change) => fresh.has(change.word) || fresh.has(renamed.get(change) ?? ''))
    .filter(({ name, word }) => name !== word)
    .map(({ word }) => word)
}

/** Names that begin with a namespace. */
function wholeNames(all: readonly string[]): readonly string[] {
  return [...new Set(all)].filter((name) => /^(?:[a-z][\w]*\.){2,}/.test(name)).slice(0, most)
}

const ofConstructor = /\.(\w+)\.\1$/

function constructorsOf(all: readonly ApiChange[]): ReadonlySet<string> {
  const others = new Set(all.filter(({ name }) => !ofConstructor.test(name)).map(({ word }) => word))
  const words = all.filter(({ name }) => ofConstructor.test(name)).map(({ word }) => word)
  return some(words.filter((word) => !others.has(word)))
}

function dutiesOf(all: readonly ApiChange[]): ReadonlySet<string> {
  const isDuty = ({ after }: ApiChange) =>
    after.length > 0 && after.every((text) => text.startsWith('to be implemented: '))
  const others = new Set(all.filter((one) => !isDuty(one)).map(({ word }) => word))
  return some(all.filter(isDuty).flatMap(({ word }) => (others.has(word) ? [] : [word])))
}

/** `a: A | B` before, `a: A` now. */
function isNarrowed({ before, after }: ApiChange): boolean {
  const several = /[)}\]\w>] \| \S/
  return before.some((text) => several.test(text)) && !after.some((text) => several.test(text))
}

const promise = /\bPromise<|\basync\b/

function isPromised({ before, after }: ApiChange): boolean {
  return after.some((text) => promise.test(text)) && !before.some((text) => promise.test(text))
}

const callback = /[(,]\s*(?:cb|callback|done|next)\??\s*[:,)]/

function isUncalled({ before, after }: ApiChange): boolean {
  return before.some((text) => callback.test(text)) && !after.some((text) => callback.test(text))
}

/** Lines beside their file: `a.js:3`, `A.java:16, 19`. */
function placesIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/([^\s:(]+\.\w+):(\d+(?:, \d+)*)/g)].flatMap(([, path = '', lines = '']) =>
      lines.split(', ').map((line) => `${path}:${line}`),
    ),
  )
}

function hasDefaultNow(release: Release | undefined): boolean {
  return (release?.changes ?? []).some(({ name, kind }) => name === 'default' && kind === 'added')
}

function isModuleNow(release: Release | undefined): boolean {
  return (release?.changes ?? []).some(
    ({ name, after }) => name === 'module format' && after.some((text) => text.startsWith('ES')),
  )
}
