/** Where the images carry the bundled reporters. */
export const reporterFolder = '/drydock/reporters'

const firstWithReporters = 18

/**
 * Environment under which an unmodified script reports its tests by name to `results`: a preload for mocha, jest and
 * vitest, reporter flags for node:test. To be used with `launch`, which keeps it in force.
 */
export function reporterEnv(options: {
  readonly folder: string
  readonly results: string
  readonly nodeMajor: number
}): Record<string, string> {
  const { folder, results, nodeMajor } = options
  const preload = `--require=${folder}/preload.cjs`
  // A Node that does not know the flags, or not in NODE_OPTIONS, would end at once.
  if (nodeMajor < firstWithReporters)
    return { NODE_OPTIONS: preload, DRYDOCK_PRELOAD: preload, DRYDOCK_RESULTS: results }
  const reporter = `--test-reporter=${folder}/node-test.mjs --test-reporter-destination=stderr`
  // Node's own choice for a stdout that is no terminal; it is lost as soon as any reporter is named.
  const usual = `--test-reporter=${nodeMajor >= 23 ? 'spec' : 'tap'} --test-reporter-destination=stdout`
  return {
    NODE_OPTIONS: `${preload} ${reporter} ${usual}`,
    DRYDOCK_PRELOAD: preload,
    DRYDOCK_REPORTER: reporter,
    DRYDOCK_USUAL: usual,
    DRYDOCK_RESULTS: results,
  }
}

/*
 * The `node` that stands first on the PATH, for two kinds of script: those that set NODE_OPTIONS anew, such as
 * `NODE_OPTIONS=--experimental-vm-modules jest`, and those that name node:test reporters of their own, which Node
 * refuses beside ours unless each has a destination.
 */
const node = `#!/bin/sh
rest="\${NODE_OPTIONS#"$DRYDOCK_PRELOAD"}"
rest="\${rest#" $DRYDOCK_REPORTER"}"
rest="\${rest#" $DRYDOCK_USUAL"}"
set -- REAL "$@"
case " $rest $* " in
  *" --test-reporter-destination"*) NODE_OPTIONS="$DRYDOCK_PRELOAD $DRYDOCK_REPORTER $rest" ;;
  *" --test-reporter"*)
    NODE_OPTIONS="$DRYDOCK_PRELOAD $DRYDOCK_REPORTER $rest"
    shift
    set -- REAL --test-reporter-destination=stdout "$@" ;;
  *) NODE_OPTIONS="$DRYDOCK_PRELOAD $DRYDOCK_REPORTER $DRYDOCK_USUAL $rest" ;;
esac
export NODE_OPTIONS
exec "$@"
`

// Made at run time: the image's own folders are read-only and do not know which `node` and `yarn` are the project's.
const script = `
bin="$DRYDOCK_RESULTS/.bin"
real="$(command -v node)"
mkdir -p "$bin" && printf '%s' "$1" | sed "s|REAL|$real|" > "$bin/node" && chmod 755 "$bin/node"
if [ -n "$2" ]; then ln -sf "$(command -v "$2")" "$bin/\${2%%-*}"; fi
shift 2
PATH="$bin:$PATH"; export PATH
exec "$@"
`

/**
 * A command as argv that runs with the reporters' `node` first on the PATH; so does the package manager of the
 * project's major version where `manager` names its binary, such as `yarn-4`.
 */
export function launch(command: readonly string[], manager = ''): readonly string[] {
  return ['sh', '-c', script, 'check', node, manager, ...command]
}
