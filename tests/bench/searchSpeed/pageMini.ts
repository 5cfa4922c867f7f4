// The page that holds MiniSearch.
import { openMini } from './openMini'
import { MINI_URL, offer } from './page'

offer(openMini, MINI_URL)
