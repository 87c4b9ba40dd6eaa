/** Where the images carry the bundled reporters. */
export const reporterFolder = '/drydock/reporters'

export interface Reporting {
  /** Folder of the bundled reporters. */
  readonly folder: string
  /** Folder that tests are reported to, by name. */
  readonly results: string
  readonly nodeMajor: number
}

/** The first Node whose node:test takes a reporter, in every release that images carry. */
const firstWithReporters = 18

/**
 * Options of Node, each with a leading space or empty. The reporters lie in the results' own folder (`launch` copies
 * them), and find it by where they lie: task runners hand on NODE_OPTIONS, but no variable that they do not know.
 */
function optionsOf({ results, nodeMajor }: Reporting) {
  const preload = `--require=${results}/.reporters/preload.cjs`
  if (nodeMajor < firstWithReporters) return { preload, reporter: '', usual: '' }
  return {
    preload,
    reporter: ` --test-reporter=${results}/.reporters/node-runner.mjs --test-reporter-destination=stderr`,
    // Node's own choice for a stdout that is no terminal; it is lost as soon as any reporter is named.
    usual: ` --test-reporter=${nodeMajor >= 23 ? 'spec' : 'tap'} --test-reporter-destination=stdout`,
  }
}

/**
 * Environment under which an unmodified script reports its tests by name: a preload for most runners, reporter flags
 * for node:test. To be used with `launch`, which keeps it in force.
 */
export function reporterEnv(reporting: Reporting): Record<string, string> {
  const { preload, reporter, usual } = optionsOf(reporting)
  return { NODE_OPTIONS: `${preload}${reporter}${usual}` }
}

/**
 * The `node` that stands first on the PATH, for two kinds of script: those that set NODE_OPTIONS anew, such as
 * `NODE_OPTIONS=--experimental-vm-modules jest`, and those that name node:test reporters of their own, which Node
 * refuses beside ours unless each has a destination. It knows its options itself, for it too may be called without
 * our environment.
 */
function nodeShim(reporting: Reporting): string {
  const { preload, reporter, usual } = optionsOf(reporting)
  return `#!/bin/sh
rest="\${NODE_OPTIONS#"${preload}"}"
rest="\${rest#"${reporter}"}"
rest="\${rest#"${usual}"}"
set -- REAL "$@"
case " $rest $* " in
  *" --test-reporter-destination"*) NODE_OPTIONS="${preload}${reporter} $rest" ;;
  *" --test-reporter"*)
    NODE_OPTIONS="${preload}${reporter} $rest"
    shift
    set -- REAL --test-reporter-destination=stdout "$@" ;;
  *) NODE_OPTIONS="${preload}${reporter}${usual} $rest" ;;
esac
export NODE_OPTIONS
exec "$@"
`
}

// Made at run time: the image's own folders are read-only and do not know which `node` is the project's.
const script = `
mkdir -p "$1/.bin"
if [ -n "$2" ]; then
  mkdir -p "$1/.reporters" && cp "$2"/*.?js "$1/.reporters/"
  printf '%s' "$3" | sed "s|REAL|$(command -v node)|" > "$1/.bin/node" && chmod 755 "$1/.bin/node"
fi
PATH="$1/.bin:$PATH"; export PATH
shift 3
exec "$@"
`

/** A command as argv that runs with the reporters' `node` first on the PATH, where it is to be reported. */
export function launch(
  command: readonly string[],
  options: { readonly place: string; readonly reporting?: Reporting },
): readonly string[] {
  const { place, reporting } = options
  const shim = reporting === undefined ? ['', ''] : [reporting.folder, nodeShim(reporting)]
  return ['sh', '-c', script, 'check', place, ...shim, ...command]
}
