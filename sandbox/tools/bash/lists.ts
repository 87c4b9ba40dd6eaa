import { count, flags, type OptionList, text } from './options.ts'

const amount = /^[+-]?\d{1,12}[bkKMG]?$/
const typeName = /^[A-Za-z0-9_+-]{1,40}$/

/** What is left out runs programs (--pre, -z), follows links (-L) or never ends. */
export const rg: OptionList = {
  short: {
    ...flags('nNiSsFwxvclHIoPqaUuV.'),
    e: text,
    f: 'file',
    g: text,
    t: typeName,
    T: typeName,
    A: count,
    B: count,
    C: count,
    m: count,
    M: count,
    d: count,
    r: text,
  },
  long: {
    ...flags([
      'line-number',
      'no-line-number',
      'ignore-case',
      'smart-case',
      'case-sensitive',
      'fixed-strings',
      'word-regexp',
      'line-regexp',
      'invert-match',
      'count',
      'count-matches',
      'files-with-matches',
      'files-without-match',
      'with-filename',
      'no-filename',
      'only-matching',
      'pcre2',
      'quiet',
      'text',
      'multiline',
      'multiline-dotall',
      'unrestricted',
      'hidden',
      'no-ignore',
      'no-ignore-vcs',
      'files',
      'heading',
      'no-heading',
      'column',
      'vimgrep',
      'trim',
      'stats',
      'type-list',
      'passthru',
      'crlf',
      'glob-case-insensitive',
      'max-columns-preview',
      'no-messages',
      'version',
      'sort-files',
    ]),
    regexp: text,
    file: 'file',
    'ignore-file': 'file',
    glob: text,
    iglob: text,
    type: typeName,
    'type-not': typeName,
    'after-context': count,
    'before-context': count,
    context: count,
    'max-count': count,
    'max-columns': count,
    'max-depth': count,
    maxdepth: count,
    replace: text,
    'max-filesize': /^\d{1,9}[KMG]?$/,
    sort: /^(path|modified|accessed|created|none)$/,
    sortr: /^(path|modified|accessed|created|none)$/,
    color: /^never$/,
    'context-separator': text,
  },
}

export const cat: OptionList = {
  short: flags('nbsAETvet'),
  long: flags([
    'number',
    'number-nonblank',
    'squeeze-blank',
    'show-all',
    'show-ends',
    'show-tabs',
    'show-nonprinting',
  ]),
}

export const head: OptionList = {
  short: { ...flags('qv'), n: amount, c: amount },
  long: { ...flags(['quiet', 'silent', 'verbose']), lines: amount, bytes: amount },
  number: true,
}

/** Without -f, -F, --follow, --retry and --pid, which wait. */
export const tail: OptionList = head

/** Without --files0-from, which reads a list of files. */
export const wc: OptionList = {
  short: flags('lwcmL'),
  long: flags(['lines', 'words', 'bytes', 'chars', 'max-line-length']),
}
