const { spawnSync } = require('child_process');
const path = require('path');

const bin = path.join(__dirname, '../node_modules/.bin/webpack');

/** Builds some widgets into a folder, as the shops' own pipelines ask for it. */
function bundle(names, { out, api, production = true } = {}) {
  const args = ['--config', 'build/webpack.config.js', '--display', 'errors-only'];
  if (production) args.push('--env.production');
  if (api) args.push(`--env.api=${api}`);
  args.push(`--env.only=${names.join(',')}`);
  if (out) args.push('--output-path', out);
  const { status, stdout, stderr } = spawnSync(bin, args, { cwd: path.join(__dirname, '..'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`webpack ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

module.exports = { bundle };

if (require.main === module) {
  const names = process.argv.slice(2);
  bundle(names.length ? names : ['basket', 'search']);
}
