const options = {
  columns: true,
  relax: true,
  relax_column_count: true,
  skip_empty_lines: true,
  skip_lines_with_error: true,
}

module.exports = { options }
