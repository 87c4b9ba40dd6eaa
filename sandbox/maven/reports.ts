import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

const leftOut = new Set(['.git', 'node_modules', 'src'])
const reportNames = new Set(['surefire-reports', 'failsafe-reports'])
const maxDepth = 12
/** Of one report, bytes; a larger one is left out, and its tests count as not run. */
const maxBytes = 64 * 1024 * 1024

/** Folders that surefire and failsafe write to. */
export function reportFolders(root: string, depth = 0): string[] {
  if (depth > maxDepth) return []
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || leftOut.has(entry.name)) return []
    const path = join(root, entry.name)
    return reportNames.has(entry.name) ? [path] : reportFolders(path, depth + 1)
  })
}

export interface ReportFile {
  readonly path: string
  /** Folder of the module, where its POM is. */
  readonly module: string
}

export function reportsIn(root: string): ReportFile[] {
  return reportFolders(root).flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /^TEST-.*\.xml$/.test(entry.name))
      .map((entry) => ({ path: join(folder, entry.name), module: moduleOf(folder, root) }))
      .filter(({ path }) => statSync(path).size <= maxBytes),
  )
}

function moduleOf(folder: string, root: string): string {
  for (let at = dirname(folder); at.startsWith(root); at = dirname(at))
    if (existsSync(join(at, 'pom.xml')) || at === root) return at
  return root
}

const sourceFolders = ['test', 'it', 'integration-test', 'integrationTest'].flatMap((kind) =>
  ['java', 'kotlin', 'groovy', 'scala'].map((language) => ({ kind, language })),
)
const extensions: Readonly<Record<string, string>> = {
  java: 'java',
  kotlin: 'kt',
  groovy: 'groovy',
  scala: 'scala',
}

/** The source of a test class, where it lies as usual. */
export function sourceOf(module: string, className: string): string | undefined {
  const path = className.replace(/\$.*$/, '').replaceAll('.', '/')
  for (const { kind, language } of sourceFolders) {
    const file = join(module, 'src', kind, language, `${path}.${extensions[language]}`)
    if (existsSync(file)) return file
  }
  return undefined
}
