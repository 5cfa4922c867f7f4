// Chance that repeats: for simulations whose failures must come back.

export { seeded } from '../base/seeded'
