// Files as people choose and see them, in the panel and at the desk, over a model that the test drives.

import { type Signal, signal } from '@preact/signals'
import axe from 'axe-core'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, message, showConversation } from '../../../demo/states/script/fakes'
import type { AttachmentsModel, UploadItem } from '../../../src/live/attachmentsModel'
import type { AcceptedFiles, Attachment } from '../../../src/protocol/attachments'
import { hasFocus, mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs='
const photo: Attachment = {
  attachmentId: 'file-0001',
  name: 'screen.png',
  mediaType: 'image/png',
  bytes: 1_234_567,
  width: 1_200,
  height: 800,
}
const invoice: Attachment = {
  attachmentId: 'file-0002',
  name: 'invoice.pdf',
  mediaType: 'application/pdf',
  bytes: 45_678,
}
const item = (change: Partial<UploadItem> = {}): UploadItem => ({
  key: 'one',
  name: 'screen.png',
  bytes: 1_234_567,
  state: 'uploading',
  progress: 0.4,
  trouble: null,
  canRetry: false,
  preview: null,
  attachment: null,
  ...change,
})

function fakeFiles() {
  const calls: string[] = []
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push([name, ...args].join(':'))
    }
  const signals = {
    accepts: signal<AcceptedFiles | null>({ types: ['image/png'], maxBytes: 10_000_000 }),
    accept: signal('image/png'),
    items: signal<readonly UploadItem[]>([]),
    isUploading: signal(false),
    ready: signal<readonly Attachment[]>([]),
    urls: signal<ReadonlyMap<string, string>>(new Map()),
  }
  const model: AttachmentsModel = {
    ...signals,
    add: files => note('add')([...files].map(({ name }) => name).join()),
    cancel: note('cancel'),
    retry: note('retry'),
    remove(key) {
      note('remove')(key)
      signals.items.value = signals.items.value.filter(each => each.key !== key)
    },
    take: () => [],
    giveBack() {},
    want: ids => note('want')(ids.join()),
    fresh: async () => null,
    refresh() {},
    forget() {},
    dispose() {},
  }
  return { ...signals, model, calls }
}

function open(arrange: (fakes: ReturnType<typeof createFakes>) => void = () => {}) {
  const fakes = createFakes()
  const files = fakeFiles()
  fakes.conversation.phase.value = 'live'
  ;(fakes.conversation.files as Signal<AttachmentsModel | null>).value = files.model
  arrange(fakes)
  showConversation(fakes)
  return { ...mount(fakes), ...fakes, files }
}
const attach = () => page.getByRole('button', { name: 'Attach files' })
const send = () => page.getByRole('button', { name: 'Send', exact: true })

describe('choosing', () => {
  test('the button is there where the server takes files, and opens the system’s window', async () => {
    const { files, root } = open()
    await expect.element(attach()).toBeVisible()
    const input = root.querySelector<HTMLInputElement>('input[type=file]')
    expect([input?.accept, input?.multiple, input?.hidden]).toEqual(['image/png', true, true])
    if (input)
      await userEvent.upload(page.elementLocator(input), new File(['x'], 'a.png', { type: 'image/png' }))
    expect(files.calls).toContain('add:a.png')
    files.accepts.value = null
    await expect.element(attach()).not.toBeInTheDocument()
  })

  test('a picture that is pasted is taken; a text with a picture of itself stays a text', async () => {
    const { files, root } = open()
    await expect.element(attach()).toBeVisible()
    const area = root.querySelector('textarea')
    const paste = (withText: boolean) => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }))
      if (withText) clipboardData.setData('text/plain', 'a table')
      area?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }
    paste(true)
    expect(files.calls.filter(call => call.startsWith('add'))).toEqual([])
    paste(false)
    expect(files.calls).toContain('add:image.png')
  })

  test('a file that is dropped is taken, and the page stays where it is', async () => {
    const { files, root } = open()
    await expect.element(attach()).toBeVisible()
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'dropped.png', { type: 'image/png' }))
    const form = root.querySelector('form')
    const over = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true })
    form?.dispatchEvent(over)
    const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
    form?.dispatchEvent(drop)
    expect([over.defaultPrevented, drop.defaultPrevented]).toEqual([true, true])
    expect(files.calls).toContain('add:dropped.png')
  })
})

describe('a file that is dropped beside the field', () => {
  const dropOn = (target: Element | null) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'dropped.png', { type: 'image/png' }))
    return ['dragover', 'drop'].map(type => {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })
      target?.dispatchEvent(event)
      return event.defaultPrevented
    })
  }

  test('is taken by the whole panel', async () => {
    const { files, root } = open()
    await expect.element(attach()).toBeVisible()
    expect(dropOn(root.querySelector('[role="log"]'))).toEqual([true, true])
    expect(files.calls).toContain('add:dropped.png')
  })

  test('does not take the page away while no file is accepted', async () => {
    const { files, root } = open()
    await expect.element(attach()).toBeVisible()
    files.accepts.value = null
    await vi.waitFor(() => expect(attach().elements()).toEqual([]))
    expect(dropOn(root.querySelector('[role="log"]'))).toEqual([true, true])
    expect(files.calls.filter(call => call.startsWith('add'))).toEqual([])
  })
})

describe('what is chosen', () => {
  test('tells how far it is; the message waits for it, and goes without a word', async () => {
    const { files, calls } = open()
    files.items.value = [item()]
    files.isUploading.value = true
    await expect.element(page.getByText('Uploading, 40%')).toBeVisible()
    await expect
      .element(page.getByText('You can send the message once the files are uploaded.'))
      .toBeVisible()
    await expect.element(send()).toBeDisabled()
    files.items.value = [item({ state: 'ready', attachment: photo })]
    files.isUploading.value = false
    files.ready.value = [photo]
    await expect.element(send()).toBeEnabled()
    await send().click()
    expect(calls).toContain('send:')
  })

  test('what went wrong is said aloud, with its name; what can be tried again has a button', async () => {
    const { files, spoken } = open()
    await expect.element(attach()).toBeVisible()
    files.items.value = [item({ state: 'failed', trouble: 'type' })]
    await vi.waitFor(() => expect(spoken()).toBe('screen.png: This kind of file cannot be sent'))
    files.items.value = [item({ state: 'failed', trouble: 'offline', canRetry: true })]
    await page.getByRole('button', { name: 'Try again: screen.png' }).click()
    expect(files.calls).toContain('retry:one')
    // The button goes: the keyboard is with the file that is tried.
    files.items.value = [item({ state: 'uploading' })]
    await hasFocus(page.getByRole('listitem', { name: 'screen.png' }))
  })

  test('an Enter pressed twice tries again, and throws nothing away', async () => {
    const { files } = open()
    files.items.value = [item({ state: 'failed', trouble: 'offline', canRetry: true })]
    const again = page.getByRole('button', { name: 'Try again: screen.png' })
    await expect.element(again).toBeVisible()
    ;(again.element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    files.items.value = [item({ state: 'uploading' })]
    await expect.element(page.getByRole('button', { name: 'Stop uploading screen.png' })).toBeVisible()
    await userEvent.keyboard('{Enter}')
    expect(files.calls.filter(call => !call.startsWith('want'))).toEqual(['retry:one'])
  })

  test('removed by keyboard, the keyboard stays with the button that chose it', async () => {
    const { files } = open()
    files.items.value = [item({ state: 'ready', attachment: photo })]
    await page.getByRole('button', { name: 'Remove screen.png' }).click()
    expect(files.calls).toContain('remove:one')
    await hasFocus(attach())
  })

  test('breaks no rule of accessibility', async () => {
    const { files, root } = open()
    files.items.value = [item(), item({ key: 'two', state: 'failed', trouble: 'tooLarge' })]
    await expect.element(page.getByText('Too large: 10 MB at most', { exact: true })).toBeVisible()
    const { violations } = await axe.run(root.querySelector('form') as HTMLElement)
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' | ')}`)).toEqual(
      [],
    )
  })
})

describe('in the conversation', () => {
  const withFiles = (text: string, ...attachments: Attachment[]) =>
    message('m1', 'agent', text, { attachments })

  test('a picture has its place before it comes, and is called by its name; names are not said twice', async () => {
    const { files, root } = open(({ conversation }) => {
      conversation.items.value = [withFiles('screen.png, invoice.pdf', photo, invoice)]
    })
    await vi.waitFor(() => expect(files.calls).toContain('want:file-0001,file-0002'))
    await vi.waitFor(() => expect(root.querySelector('.picture')).not.toBeNull())
    const place = () => {
      const picture = root.querySelector<HTMLElement>('.picture')
      return { width: picture?.offsetWidth ?? 0, height: picture?.offsetHeight ?? 0 }
    }
    const before = place()
    expect(before.height).toBeGreaterThan(100)
    expect(root.querySelector('.bubble')).toBeNull()
    files.urls.value = new Map([
      ['file-0001', PIXEL],
      ['file-0002', '/asklet/v1/file/file-0002?c=x'],
    ])
    await expect.element(page.getByRole('img', { name: 'screen.png' })).toBeVisible()
    expect(place()).toEqual(before)
    await expect.element(page.getByRole('link', { name: /Download invoice\.pdf 46 kB/ })).toBeVisible()
  })

  test('a picture that the page’s policy forbids is a row with its name; words beside files stay', async () => {
    const { files } = open(({ conversation }) => {
      conversation.items.value = [withFiles('Look at this', photo)]
    })
    files.urls.value = new Map([['file-0001', 'data:image/png;base64,bm8gcGljdHVyZQ==']])
    await expect.element(page.getByText('Look at this')).toBeVisible()
    await expect.element(page.getByText('1.2 MB')).toBeVisible()
  })
})
