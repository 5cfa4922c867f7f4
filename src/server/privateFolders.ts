// Where the articles lie that only a signed role may read: `<privateDir>/<role>/…`, as `asklet build --private-out`
// wrote them. The one place that turns a role into a folder and a name into a file of it; never leaves that folder.

import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** The build's folder of private articles that name no role, for signed roles without a folder of their own. */
const ANY_ROLE = '_any'

/**
 * @param role  as a token proved it
 * @returns the folder's real path, or null where there is nothing for this role
 */
export async function roleFolder(privateDir: string, role: string): Promise<string | null> {
  // A role is the host's own word: one that is no name of a folder has none.
  if (!isName(role)) return null
  return realpath(join(privateDir, role))
    .catch(() => realpath(join(privateDir, ANY_ROLE)))
    .catch(() => null)
}

/**
 * @param folder  a real path
 * @returns the file's real path, or null where it is none of this folder's
 */
export async function fileOf(folder: string, names: readonly string[]): Promise<string | null> {
  if (!names.length || !names.every(isName)) return null
  try {
    const file = await realpath(join(folder, ...names))
    // After links are followed: a link out of the folder is out of it.
    return file.startsWith(folder + sep) && (await stat(file)).isFile() ? file : null
  } catch {
    return null
  }
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
}
