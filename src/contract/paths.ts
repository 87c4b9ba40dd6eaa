/** Characters that file systems or readers drop: a name with one shows or matches as another. */
const ignorable = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/
/** Half of a pair: no UTF-8 of it. */
const lone = /\p{Surrogate}/u
const windowsCharacters = /[\\:*?"<>|]/
const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i
/** What NTFS names a long file for old programs: an alias of any protected one. */
const shortName = /^[^.~]{1,6}~[0-9]{1,6}(\.[^.]{0,3})?$/

/** Longest path, and longest component, in UTF-8 bytes. */
const maxPathBytes = 4096
const maxNameBytes = 255

/** Why a path is not one for every system, in words; undefined where it is. */
export function unportable(path: string): string | undefined {
  if (path === '' || Buffer.byteLength(path) > maxPathBytes) return 'it is empty or too long'
  if (lone.test(path) || control.test(path)) return 'it holds a control character'
  if (ignorable.test(path)) return 'it holds an invisible character'
  if (windowsCharacters.test(path)) return 'it holds a character that Windows reserves'
  for (const name of path.split('/')) {
    const why = unportableName(name)
    if (why !== undefined) return why
  }
  return undefined
}

function unportableName(name: string): string | undefined {
  if (name === '') return 'it is absolute or has an empty part'
  if (name === '.' || name === '..') return 'it leaves its folder'
  if (Buffer.byteLength(name) > maxNameBytes) return 'a part is too long'
  if (isDotGit(name)) return 'it is inside a .git folder'
  if (/[. ]$/.test(name)) return 'a part ends with a dot or a blank'
  if (windowsDevice.test(name)) return 'a part is a device name on Windows'
  if (shortName.test(name)) return 'a part is a short name on Windows'
  return undefined
}

/** `.git` in any spelling that some file system takes for it. */
export function isDotGit(name: string): boolean {
  const plain = foldPath(name)
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
  return plain === '.git' || /^git~[0-9]+$/.test(plain)
}

const everyIgnorable = new RegExp(ignorable.source, 'gu')
const ascii = /^[\x20-\x7e]*$/

/** The form in which two names are one file on some file system. */
export function foldPath(path: string): string {
  if (ascii.test(path)) return path.toLowerCase()
  return path
    .normalize('NFKC')
    .replace(everyIgnorable, '')
    .toUpperCase() // upper first: folds ſ, ß and the Kelvin sign as NTFS and HFS+ do
    .toLowerCase()
}
