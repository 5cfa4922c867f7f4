// The host pages that the assistant is a guest of, as HTML; the stage writes them beside the demo's own.
// Each is as bare as its check allows.

const TAG = '<script async src="/cdn/asklet.js" data-config="/asklet.json" data-role="client"></script>'
const PARTNER =
  '<script async src="/cdn/asklet.js" data-config="/asklet.json" data-role="freelancer" data-global="PartnerHelp" data-label="Partner help" data-position="left"></script>'

const page = (title: string, head: string, body = '') => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <meta name="asklet:route" content="/payments">
    ${head}
  </head>
  <body>
    <h1>${title}</h1>
    <input id="typed" aria-label="The page's own field">
    ${body}
  </body>
</html>
`

const LONG = `<button id="far" style="margin-top: 3000px">far down</button>`

export const PAGES = {
  /** No assistant: the check makes and takes away its own. */
  empty: page('A page without help', ''),
  tag: page('A page with the tag', TAG),
  long: page('A long page with the tag', TAG, LONG),
  elsewhere: page('Another page of the site', ''),
  tags: page('A page with two tags', `${TAG}${PARTNER}`),
  /** Its tag stands in the body, as in many templates. */
  body: page('A page with the tag in its body', '', TAG),
  frames: page(
    'A page of frames',
    '',
    `<iframe title="same" src="/hosts/tag.html" width="600" height="700"></iframe>
     <iframe title="sandboxed" sandbox="allow-scripts" src="/hosts/sandboxed.html" width="600" height="700"></iframe>`,
  ),
  sandboxed: page(
    'A page of no origin',
    '<script async src="/cdn/asklet.js" data-config="/cdn/site/asklet.json" data-label="Help"></script>',
  ),
  dialogs: page(
    'A page with overlays',
    TAG,
    `<div id="overlay" hidden style="position:fixed;inset:0;z-index:2147483647;background:#fff9"></div>
     <dialog id="modal"><p>The page asks something.</p><button id="no">No</button></dialog>`,
  ),
} as const
