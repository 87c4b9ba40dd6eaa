const script = `
bin=/tmp/drydock-shims
mkdir -p "$bin"
if [ -n "$1" ]; then
  ln -sf "$(command -v "$1")" "$bin/\${1%%-*}"
  case "$1" in yarn-*) ln -sf "$(command -v "$1")" "$bin/yarnpkg" ;; esac
fi
cat > "$bin/corepack" <<'END'
#!/bin/sh
case "$1" in
  npm|npx|yarn|yarnpkg|pnpm|pnpx) exec "$@" ;;
  npm@*|yarn@*|pnpm@*) tool="\${1%%@*}"; shift; exec "$tool" "$@" ;;
  *) exit 0 ;;
esac
END
chmod 755 "$bin/corepack"
shift
PATH="$bin:$PATH"; export PATH
exec "$@"
`

/**
 * A command as argv that finds the package manager of the project's own major version under its plain name, such as
 * `yarn` for the binary `yarn-4` (npm is the image's), and a `corepack` that hands over to it instead of fetching one.
 */
export function withManager(command: readonly string[], binary: string): readonly string[] {
  return ['sh', '-c', script, 'manager', binary, ...command]
}
