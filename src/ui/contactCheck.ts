// Is this an address a person could be reached at? Pure; the server checks again by the same bounds.

import type { Contact } from '../protocol/records'

const EMAIL = /^[^\s@<>\p{Cc}\p{Cs}]+@[^\s@<>\p{Cc}\p{Cs}]+\.[^\s@<>.\p{Cc}\p{Cs}]+$/u
const PHONE = /^[+\d][\d ()/.-]{4,30}$/

/** The contact as it is sent, or null when it does not look complete. */
export function contactFrom(kind: 'email' | 'phone', typed: string): Contact | null {
  const value = typed.trim()
  if (kind === 'email') return value.length <= 254 && EMAIL.test(value) ? { email: value } : null
  return PHONE.test(value) && value.replace(/\D/g, '').length >= 5 ? { phone: value } : null
}
