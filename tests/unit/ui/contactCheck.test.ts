import { expect, test } from 'vitest'
import { contactFrom } from '../../../src/ui/contactCheck'

test.each(['a@b.example', ' ana.lind+x@mail.shop.example '])('%j is an e-mail address', typed => {
  expect(contactFrom('email', typed)).toEqual({ email: typed.trim() })
})

test.each(['', 'a@b', 'a b@c.example', 'a@b.example.', '<a@b.example>', `${'a'.repeat(250)}@b.example`])(
  '%j is sent back to be checked',
  typed => {
    expect(contactFrom('email', typed)).toBeNull()
  },
)

test.each(['+49 30 123456', '030/123-456', '03012345'])('%j is a phone number', typed => {
  expect(contactFrom('phone', typed)).toEqual({ phone: typed })
})

test.each(['', '12', '+--------', 'call me', '123456x'])('%j is no phone number', typed => {
  expect(contactFrom('phone', typed)).toBeNull()
})
