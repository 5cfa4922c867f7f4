// Why a suggestion stands where it stands, in the words of the preview. Pure.

import type { Reason } from '../../search/searchProvider'

export function reasonWords(reason: Reason): string {
  switch (reason.kind) {
    case 'words':
      return 'its words match'
    case 'page':
      return `it belongs to ${reason.name || 'this page'}`
    case 'error':
      return `it answers the error “${reason.text}”`
    case 'recent':
      return 'it belongs to a page that the visitor comes from'
    case 'role':
      return `it is for a ${reason.role}`
    case 'questionType':
      return `it answers “${reason.type}”`
    case 'popular':
      return 'the site’s own order'
  }
}
