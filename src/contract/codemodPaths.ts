/** What the program that applies a codemod reads and writes in its container. Apart from the schemas, so that it starts quickly. */
export const codemodPaths = {
  folder: '/tmp/codemod',
  code: '/tmp/codemod/code',
  rules: '/tmp/codemod/rules.yml',
  script: '/tmp/codemod/transform.mjs',
  result: '/tmp/codemod/result.json',
} as const
