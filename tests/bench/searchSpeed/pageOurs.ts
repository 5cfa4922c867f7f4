// The page that holds our search.
import { OURS_URL, offer } from './page'
import { openOurs } from './underTest'

offer(openOurs, OURS_URL)
