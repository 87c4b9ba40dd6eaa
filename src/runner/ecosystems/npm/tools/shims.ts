/**
 * First on the PATH of a script: the package manager of the project's own major version under its plain name, and a
 * `corepack` that hands over to it instead of fetching another one. `$1` is the folder, `$2` the manager's binary.
 */
export const shimScript = `
if [ -n "$2" ]; then
  ln -sf "$(command -v "$2")" "$1/\${2%%-*}"
  case "$2" in yarn-*) ln -sf "$(command -v "$2")" "$1/yarnpkg" ;; esac
fi
cat > "$1/corepack" <<'END'
#!/bin/sh
case "$1" in
  npm|npx|yarn|yarnpkg|pnpm|pnpx) exec "$@" ;;
  npm@*|yarn@*|pnpm@*) tool="\${1%%@*}"; shift; exec "$tool" "$@" ;;
  *) exit 0 ;;
esac
END
chmod 755 "$1/corepack"
`

const install = `
bin=/tmp/drydock-shims
mkdir -p "$bin"
manager="$1"; shift
set -- "$bin" "$manager" "$@"
${shimScript}
shift 2
PATH="$bin:$PATH"; export PATH
exec "$@"
`

/** An install script as argv that finds the project's own package manager; npm is the image's. */
export function withManager(command: readonly string[], binary: string): readonly string[] {
  return ['sh', '-c', install, 'script', binary, ...command]
}
