const generated =
  /(^|\/)(node_modules|__pycache__|\.cache|\.vite|\.parcel-cache|\.turbo|\.nx)\/|(^|\/)target\/(classes|test-classes|generated-sources|generated-test-sources|maven-status|surefire-reports|failsafe-reports)\/|\.(tsbuildinfo|pyc)$|(^|\/)\.(eslintcache|stylelintcache)$/

/** Paths that an installation or a tool writes: as part of a patch they could only stand in for the real ones. */
export function isGenerated(path: string): boolean {
  return generated.test(path)
}
