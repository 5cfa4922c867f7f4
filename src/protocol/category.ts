// What of a category all must mean alike: the one that stands for none. Which others there are is the site's matter.

/** The category of what nobody sorted, or of which it was erased. */
export const NO_CATEGORY = 'general'
