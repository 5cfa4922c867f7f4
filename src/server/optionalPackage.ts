// Packages that only some installations need, loaded when they are asked for. Owns what is said to who has not got them.

import { AskletError } from '../base/errors'

/**
 * @param lacks    the sentence without its end: `a broker needs packages that are not installed`
 * @param install  the line that installs them
 * @throws AskletError `driver_missing`
 */
export async function optionalPackage<T>(load: () => Promise<T>, lacks: string, install: string): Promise<T> {
  try {
    return await load()
  } catch (error) {
    throw new AskletError('driver_missing', `${lacks}. Run: ${install}`, { cause: error })
  }
}
