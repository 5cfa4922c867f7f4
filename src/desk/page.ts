// The desk's own page, dist/desk/index.html: mounts on `#desk`, against the server that served it.

import { mountDesk } from './mountDesk'

const element = document.getElementById('desk')
if (element) mountDesk(element)
