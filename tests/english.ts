// The gallery of states shows the same texts: one list of them serves both.

export { english } from '../demo/states/script/english'
