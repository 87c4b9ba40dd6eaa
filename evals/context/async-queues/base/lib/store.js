/** Keeps what was fetched; the one for the disk has the same two functions. */
module.exports = function memoryStore () {
  const files = new Map()
  return {
    files,
    write (file, bytes, done) {
      files.set(file, bytes)
      setImmediate(done)
    }
  }
}
