// Words that people use for one another in any help centre, by language. Data of the build: what of it an index
// can use is written into the index, and the page carries none of it. A site's own `synonyms.txt` comes on top.

import type { SynonymRule } from './synonyms'

/** A group a line: each stands for each other. */
const ENGLISH = `
cancel, end, stop, terminate, quit
delete, remove, erase
change, edit, modify, update
add, create, make
buy, purchase
cost, price, fee, charge
error, problem, issue
fix, resolve, solve, repair, troubleshoot
log in, sign in, login
log out, sign out, logout
sign up, register, join
picture, photo, image
choose, select, pick
find, search, locate
show, display, view, see
hide, invisible
enable, turn on, activate, switch on
disable, turn off, deactivate, switch off
block, ban
download, export, save
upload, import
send, submit
get, receive, obtain
move, transfer, migrate
copy, duplicate
merge, combine
late, delay, slow
lost, missing
refund, money back
invoice, bill, receipt
company, business, organization
start, begin
need, require
setting, preference, option
configure, set up, setup
reject, decline, refuse, deny
accept, approve
verify, check, validate, confirm
limit, maximum
pause, hold, suspend
restrict, limit, suspend
folder, directory
group, team
close, shut down, deactivate
contact, reach
reply, answer, respond
email, mail, message
phone, mobile, telephone
password, passcode
safe, secure, protect
`

/** The rules of a language; none for one that is not known. @param locale BCP 47 */
export function commonSynonyms(locale: string): readonly SynonymRule[] {
  if (!locale.toLowerCase().startsWith('en')) return []
  const found = new Map<string, Set<string>>()
  for (const line of ENGLISH.trim().split('\n')) {
    const group = line.split(', ')
    for (const from of group) {
      const to = found.get(from) ?? new Set()
      found.set(from, to)
      for (const other of group) if (other !== from) to.add(other)
    }
  }
  return [...found].map(([from, to]) => ({ from, to: [...to] }))
}
