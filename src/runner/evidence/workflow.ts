/** A workflow for GitHub Actions that checks evidence again, as a file to be committed. */
export const evidenceWorkflow = `# Checks the evidence of a Drydock session again, on a machine of GitHub's.
# Commit this as .github/workflows/verify-evidence.yml. Push the folder that \`drydock evidence\` wrote to a branch of
# its own, and start the workflow with that branch; sha256 is what the pull request names.
name: Verify evidence
on:
  workflow_dispatch:
    inputs:
      branch:
        description: Branch that holds the evidence
        required: true
      folder:
        description: Folder of the evidence on that branch
        default: .
      sha256:
        description: sha256 of the statement, as the pull request names it; empty takes any
        default: ''
permissions:
  contents: read
jobs:
  verify:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v5
        with: { path: repository, fetch-depth: 0, persist-credentials: false }
      - uses: actions/checkout@v5
        with: { path: evidence, ref: '\${{ inputs.branch }}', persist-credentials: false }
      # A variable of the repository: owner/name of your copy of Drydock, and the tag to take.
      - uses: actions/checkout@v5
        with:
          path: drydock
          repository: \${{ vars.DRYDOCK_REPOSITORY }}
          ref: \${{ vars.DRYDOCK_REF }}
          persist-credentials: false
      - uses: actions/setup-node@v5
        with: { node-version: 24 }
      - run: npm ci && npm run build
        working-directory: drydock
      - run: rm -rf evidence/.git
      # Inputs reach the shell as variables, never as its text.
      - run: |
          node drydock/dist/drydock.mjs verify-evidence "evidence/$FOLDER" --repo repository \${SHA256:+--sha256 "$SHA256"}
        env:
          FOLDER: \${{ inputs.folder }}
          SHA256: \${{ inputs.sha256 }}
`
