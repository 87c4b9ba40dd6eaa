/* Logs of a host's jobs, as the program that ran in one wrote them. */

const byteOrderMark = /^\ufeff/
/** GitHub puts a time before each line, GitLab may, with the stream's name. */
const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z (?:\d\d[OE][ +])?/
/** GitHub's marks of a log's parts: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
const mark = /^##\[(?:group|endgroup|error|warning|notice|debug|command|section)\]/
/** GitLab's: https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how they are written
const section = /section_(?:start|end):\d+:[^\r\n]*\r(?:\u001b\[0K)?/g

/** A job's log without what the host wrote between. */
export function plainLog(log: string): string {
  return log
    .replace(byteOrderMark, '')
    .replace(section, '')
    .split(/\r?\n/)
    .map((line) => line.replace(time, '').replace(mark, ''))
    .join('\n')
}

/** Where the repository was while the job ran, where the log tells; `/home/runner/work/shop/shop`. */
export function workFolderOf(log: string): string | undefined {
  return /(?:\/[\w.-]+)*\/work\/([\w.-]+)\/\1(?=\/)/.exec(log)?.[0]
}
