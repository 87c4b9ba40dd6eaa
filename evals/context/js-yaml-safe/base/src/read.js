function read({ yaml, fs, root }, name) {
  return yaml.safeLoad(fs.readFileSync(`${root}/${name}`, 'utf8'))
}

module.exports = { read }
