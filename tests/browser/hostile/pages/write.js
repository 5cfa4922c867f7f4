// The whole document is written anew once it has loaded, with the tag in it.
addEventListener('load', () => {
  const again = document.documentElement.outerHTML
    .replace(/<asklet-root[^]*?<\/asklet-root>/, '')
    .replace(/<script src="\/pages\/write.js"><\/script>/, '')
  setTimeout(() => {
    document.open()
    document.write(`<!doctype html>${again}`)
    document.close()
  }, 600)
})
