const { program } = require('commander')

program
  .name('tide')
  .option('-d, --depth <metres>', 'least depth', '3')
  .option('--harbour <name>', 'harbour', 'Kiel')

module.exports = { program }
