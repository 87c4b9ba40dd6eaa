const { addFooter } = require('./footer')
const { markdownIn } = require('./files')
const { processor } = require('./processor')

function dangling(pages) {
  const known = new Map(pages.map((page) => [page.basename, page.data.headings.map(({ id }) => id)]))
  for (const page of pages) {
    for (const { target, anchor, place } of page.data.links) {
      if (!known.has(target) || (anchor && !known.get(target).includes(anchor))) {
        page.message(`leads nowhere: ${target}${anchor ? `#${anchor}` : ''}`, place)
      }
    }
  }
}

exports.publish = async ({ root, footer }) => {
  const sources = await markdownIn(root)
  const pages = await Promise.all(
    sources.map(({ path, text }) => processor().process({ path, contents: text })),
  )
  dangling(pages)
  const warnings = pages.flatMap((page) => page.messages.map(({ line, reason }) => `${page.basename}:${line} ${reason}`))
  if (footer) pages.forEach(addFooter)
  return { pages, warnings }
}
