// Entry of the chunk "Afterwards": what is asked and offered once a person's conversation is over. Fetched then.

import css from './afterwards.css?inline'
import english from './afterwards.en.json'

export { RatingForm } from './RatingForm'
export { Transcript } from './Transcript'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says: nobody else shows it. */
export const words = english
