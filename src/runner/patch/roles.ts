import picomatch from 'picomatch'
import { ecosystems } from '../../contract/ecosystems/index.ts'
import type { PathRole } from '../../contract/patch.ts'
import { foldPath } from '../../contract/paths.ts'

const match = (globs: readonly string[]) => picomatch([...globs], { dot: true })
const named = (names: readonly string[]) => names.map((name) => `**/${name.toLowerCase()}`)

/** A file or folder that begins with a dot is read by some tool; prose and place holders are not. */
function isDotted(path: string): boolean {
  if (path.includes('node_modules/')) return false
  return path.split('/').some((name) => /^\.[^.]/.test(name) && !/\.(md|txt)$|keep$/.test(name))
}

/** First match wins; globs are matched against the folded (lower-case) path. */
const rules: readonly (readonly [PathRole, (path: string) => boolean])[] = [
  [
    'agent-instructions',
    match([
      '**/{claude,claude.local,agents,agents.override,agent,gemini,qwen,warp,skill}.md',
      '**/.{claude,cursor,windsurf,codex,gemini,continue,roo,kiro,junie,amazonq,augment,clinerules,opencode,goose,agents,agent}/**',
      '**/.{cursorrules,cursorignore,windsurfrules,clinerules,roorules,goosehints,roomodes,mcp.json,aider*}',
      '**/{copilot-instructions.md,opencode.json,opencode.jsonc,mcp.json}',
      '**/.github/{instructions,prompts,chatmodes,agents,skills}/**',
      '**/*.{instructions,prompt,chatmode}.md',
    ]),
  ],
  [
    'lockfile',
    match([
      ...named(ecosystems.flatMap(({ lockfiles }) => lockfiles)),
      '**/{bun.lock,bun.lockb,deno.lock}',
      '**/{gradle.lockfile,buildscript-gradle.lockfile,cargo.lock,poetry.lock,uv.lock,pipfile.lock,composer.lock,gemfile.lock,go.sum}',
      '**/gradle/verification-metadata.xml',
    ]),
  ],
  [
    'manifest',
    match([
      ...named(ecosystems.flatMap(({ manifest, manifests }) => [manifest, ...manifests])),
      '**/{build.gradle,build.gradle.kts,settings.gradle,settings.gradle.kts}',
      '**/{libs.versions.toml,cargo.toml,pyproject.toml,setup.py,setup.cfg,go.mod,gemfile,composer.json,pipfile}',
      '**/requirements*.txt',
    ]),
  ],
  [
    'ci',
    match([
      '**/.{github,gitlab,circleci,buildkite,woodpecker,teamcity,tekton,azure-pipelines,azuredevops,forgejo,gitea,semaphore}/**',
      '**/{action.yml,action.yaml,codeowners,dependabot.yml,dependabot.yaml}',
      '**/{.gitlab-ci*.yml,.gitlab-ci*.yaml,.travis.yml,appveyor.yml,.appveyor.yml,.drone.yml,.woodpecker*.yml,.cirrus.yml}',
      '**/{azure-pipelines*.yml,azure-pipelines*.yaml,bitbucket-pipelines.yml,cloudbuild*.y*ml,buildspec*.yml}',
      '**/{jenkinsfile*,renovate.json*,.renovaterc*,mergify.yml,.mergify.yml,vercel.json,netlify.toml,fly.toml}',
    ]),
  ],
  ['config', isDotted],
  [
    'config',
    match([
      '**/gradle/wrapper/**',
      '**/{mvnw,mvnw.cmd,gradlew,gradlew.bat,gradle.properties,makefile,dockerfile*,*.dockerfile,procfile}',
      '**/{docker-compose*.y*ml,compose*.y*ml,lefthook.y*ml,codecov.y*ml,pnpmfile.js}',
      '**/{tsconfig*.json,jsconfig*.json,tslint.json,biome.json*,turbo.json,nx.json,lerna.json,deno.json*,mocha.opts}',
      '**/*.{config,conf,setup,workspace}.{js,cjs,mjs,ts,cts,mts,json}',
      '**/{checkstyle*.xml,pmd*.xml,spotbugs*.xml,suppressions*.xml,sonar-project.properties,junit-platform.properties}',
      '**/{pytest.ini,tox.ini,conftest.py,sitecustomize.py,usercustomize.py,*.code-workspace,project.json}',
      '**/{jasmine.json,wallaby.js,bunfig.toml,rome.json,testng*.xml,cypress.json,mypy.ini,ruff.toml,phpunit*.xml}',
      '**/{justfile,taskfile.y*ml,rakefile,noxfile.py}',
    ]),
  ],
  [
    'test',
    match([
      '**/{test,tests,__tests__,__mocks__,__snapshots__,__fixtures__,spec,specs,e2e,testing,fixtures}/**',
      '**/*{.,_,-}{test,tests,spec,specs,e2e,snap,cy,it}.*',
      '**/*.{snap,snapshot}',
      '**/test_*.*',
      '{test,tests,spec}.{js,cjs,mjs,ts,cts,mts,jsx,tsx}',
      '**/src/{test,it,integrationtest,testfixtures}/**',
    ]),
  ],
  [
    'docs',
    match([
      '**/*.{md,mdx,rst,adoc,txt}',
      'docs/**',
      '**/{license,licence,notice,authors,changelog,contributing}',
    ]),
  ],
]

/** JUnit's names, which only the original case tells from other words. */
const junitClass = /(^|\/)(Test[A-Z]\w*|\w*(Tests?|TestCase|IT))\.(java|kt|groovy|scala)$/

/** What a path is to the review. `testPaths` are globs of tests that no rule sees. */
export function roleOf(path: string, testPaths: readonly string[] = []): PathRole {
  const folded = foldPath(path)
  const found = rules.find(([, matches]) => matches(folded))?.[0]
  const special = found !== undefined && found !== 'docs' && found !== 'test'
  if (special) return found
  if (testPaths.length > 0 && match(testPaths)(path)) return 'test'
  return found ?? (junitClass.test(path) ? 'test' : 'source')
}
