/** The last line of each page: what it was made of. */
exports.addFooter = (file) => {
  const words = file.contents.split(/\s+/).filter(Boolean).length
  file.contents += `\n---\n\n${file.stem}, ${words} words\n`
  return file
}
