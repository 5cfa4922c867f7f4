// Files in a conversation as people see them: chosen ones in front of the message, sent ones in it. Leaf components
// over `AttachmentsModel`, for the panel and the desk alike. A chunk of its own in the panel.
// Names are text; nothing of a file is looked into here but by the browser's own picture.

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Texts } from '../base/texts'
import type { AttachmentsModel, UploadItem } from '../live/attachmentsModel'
import { type Attachment, namesOf } from '../protocol/attachments'
import css from './files.css?inline'
import english from './files.en.json'
import { Heard } from './Heard'
import { ARTICLE, CLOSE, Icon } from './icons'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says. */
export const words = english

const CLIP =
  'M16.8 9.3l-6.6 6.6a4.2 4.2 0 0 1-6-6l6.4-6.4a2.8 2.8 0 0 1 4 4l-6.4 6.4a1.4 1.4 0 0 1-2-2l5.9-5.9'

/** CSS pixels of a picture in a message. */
const MOST_WIDTH = 260
const MOST_HEIGHT = 220

export interface FilesProps {
  readonly files: AttachmentsModel
  readonly texts: Texts
  /** BCP 47, for sizes. */
  readonly locale: string
}

/** The text says no more than the files do. */
export const isNamesOnly = (text: string, attachments: readonly Attachment[]): boolean =>
  text === namesOf(attachments)

// ---- in a message

export function MessageFiles({
  attachments,
  ...props
}: FilesProps & { readonly attachments: readonly Attachment[] }) {
  const ids = attachments.map(({ attachmentId }) => attachmentId)
  useEffect(() => props.files.want(ids), [ids.join()])
  return (
    <div class="attached">
      {attachments.map(attachment => (
        <Attached key={attachment.attachmentId} attachment={attachment} {...props} />
      ))}
    </div>
  )
}

function Attached({ attachment, files, texts, locale }: FilesProps & { readonly attachment: Attachment }) {
  const { attachmentId, name, bytes, width, height } = attachment
  // A page whose policy forbids pictures of the server shows a row instead; so it does where one cannot be read.
  const [isBroken, setIsBroken] = useState(false)
  const url = files.urls.value.get(attachmentId)
  // A picture that is there is not fetched again under its next address.
  const [shown, setShown] = useState<string | undefined>(undefined)
  useEffect(() => {
    if (url && !shown) setShown(url)
  }, [url])
  if (width && height && !isBroken)
    return (
      <FileLink className="picture" label={texts('file.open', { name })} {...{ url, attachment, files }}>
        <Place width={width} height={height}>
          {shown && (
            <img
              src={shown}
              alt={name}
              loading="lazy"
              decoding="async"
              referrerpolicy="no-referrer"
              onError={() => setIsBroken(true)}
            />
          )}
        </Place>
      </FileLink>
    )
  return (
    <FileLink className="file" {...{ url, attachment, files }}>
      <Icon d={ARTICLE} />
      <span>
        <span class="name">
          <Heard texts={texts} as="file.download" place="name">
            <bdi>{name}</bdi>
          </Heard>
        </span>{' '}
        <small>
          <bdi>{sizeText(bytes, locale)}</bdi>
        </small>
      </span>
    </FileLink>
  )
}

/** Room for a picture, by what the server measured: nothing moves when it comes, whatever comes. */
function Place({ width, height, children }: { width: number; height: number; children: ComponentChildren }) {
  const place = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const scale = Math.min(1, MOST_WIDTH / width, MOST_HEIGHT / height)
    const [w, h] = [width, height].map(side => Math.max(24, Math.round(side * scale)))
    place.current?.style.setProperty('inline-size', `${w}px`)
    place.current?.style.setProperty('aspect-ratio', `${w} / ${h}`)
  }, [width, height])
  return (
    <span ref={place} class="place">
      {children}
    </span>
  )
}

/** How far it is, to be seen; the words beside it say it, too. */
function Bar({ progress }: { progress: number }) {
  const bar = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    bar.current?.style.setProperty('inline-size', `${progress * 100}%`)
  }, [progress])
  return (
    <span class="bar" aria-hidden="true">
      <i ref={bar} />
    </span>
  )
}

interface FileLinkProps {
  readonly className: string
  /** Where the content does not say it. */
  readonly label?: string
  readonly url: string | undefined
  readonly attachment: Attachment
  readonly files: AttachmentsModel
  readonly children: ComponentChildren
}

/** No link before there is an address. One that has ended meanwhile is asked for anew, by the press itself. */
function FileLink({ className, label, url, attachment, files, children }: FileLinkProps) {
  if (url === undefined) return <span class={className}>{children}</span>
  return (
    <a
      class={className}
      href={url}
      {...(label !== undefined && { 'aria-label': label })}
      target="_blank"
      rel="noopener noreferrer"
      referrerpolicy="no-referrer"
      onClick={event => {
        const link = event.currentTarget
        event.preventDefault()
        void files.fresh(attachment.attachmentId).then(address => {
          if (!address) return
          const press = link.cloneNode() as HTMLAnchorElement
          press.href = address
          press.click()
        })
      }}
    >
      {children}
    </a>
  )
}

// ---- before the message

export interface ChosenProps extends FilesProps {
  /** Says it to screen readers, politely. */
  announce(text: string): void
}

/** What goes along with the next message, with how far it is. */
export function ChosenFiles({ files, texts, locale, announce }: ChosenProps) {
  const items = files.items.value
  const list = useRef<HTMLUListElement>(null)
  useSpokenStates(items, texts, files, locale, announce)
  if (items.length === 0) return null
  const remove = (key: string) => {
    // The button goes with its row: the keyboard stays with what began it.
    const form = list.current?.closest('form')
    files.remove(key)
    form?.querySelector<HTMLElement>('.attach')?.focus()
  }
  return (
    <ul ref={list} class="chosen" part="files" aria-label={texts('file.list')}>
      {items.map(item => (
        <Chosen key={item.key} {...{ item, files, texts, locale, remove }} />
      ))}
      {files.isUploading.value && (
        <li class="wait">
          <small>{texts('file.wait')}</small>
        </li>
      )}
    </ul>
  )
}

/** Both, as they stand in the panel's composer. */
export function ComposerFiles(props: ChosenProps) {
  return (
    <>
      <ChosenFiles {...props} />
      <AttachButton {...props} className="round" />
    </>
  )
}

/** CSS pixels, twice as many for fine screens. */
const THUMB = 72

/** Drawn, not shown by an address: a page's policy need not allow `blob:`, and nobody hears of a refusal. */
function Thumb({ picture }: { picture: Blob }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    createImageBitmap(picture).then(
      bitmap => {
        const side = Math.min(bitmap.width, bitmap.height)
        const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2]
        canvas.current?.getContext('2d')?.drawImage(bitmap, x, y, side, side, 0, 0, THUMB, THUMB)
        bitmap.close()
      },
      // What cannot be drawn has its name beside it.
      () => {},
    )
  }, [picture])
  return <canvas ref={canvas} width={THUMB} height={THUMB} />
}

function Chosen({
  item,
  files,
  texts,
  locale,
  remove,
}: FilesProps & { readonly item: UploadItem; remove(key: string): void }) {
  const { key, name, state, preview, canRetry } = item
  return (
    // Focused when its button goes, by its file's name.
    <li class={state === 'failed' ? 'bad' : undefined} tabIndex={-1} aria-label={name}>
      <span class="thumb">{preview ? <Thumb picture={preview} /> : <Icon d={ARTICLE} />}</span>
      <span class="about">
        <span class="name" title={name} dir="auto">
          {name}
        </span>
        <small>
          {stateText(item, texts, files, locale)}
          {state !== 'failed' && (
            <>
              {' · '}
              <bdi>{sizeText(item.bytes, locale)}</bdi>
            </>
          )}
        </small>
        {state === 'uploading' && <Bar progress={item.progress} />}
      </span>
      {canRetry && (
        <button
          type="button"
          class="act wide"
          aria-label={texts('file.retry', { name })}
          onClick={event => {
            // The button goes with what failed. The keyboard stays with the file, never on what throws it away: an
            // Enter that is held or comes twice would do that.
            const row = event.currentTarget.closest('li')
            files.retry(key)
            row?.focus()
          }}
        >
          {texts('file.tries')}
        </button>
      )}
      {state === 'uploading' ? (
        <button
          type="button"
          class="act"
          aria-label={texts('file.cancel', { name })}
          onClick={() => files.cancel(key)}
        >
          <Icon d={CLOSE} />
        </button>
      ) : (
        <button
          type="button"
          class="act"
          aria-label={texts('file.remove', { name })}
          onClick={() => remove(key)}
        >
          <Icon d={CLOSE} />
        </button>
      )}
    </li>
  )
}

/** Opens the system's window; takes what is pasted into the form that it stands in, or dropped around it, too. */
export function AttachButton({
  files,
  texts,
  className,
}: Omit<FilesProps, 'locale'> & { className: string }) {
  const place = useRef<HTMLSpanElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const accepts = files.accepts.value
  useLayoutEffect(() => {
    const form = (button.current ?? place.current)?.closest('form')
    return form ? takeFrom(form, files, accepts !== null) : undefined
  }, [files, accepts !== null])
  if (!accepts) return <span ref={place} hidden />
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`attach ${className}`}
        part="attach"
        aria-label={texts('file.attach')}
        title={texts('file.attach')}
        onClick={() => input.current?.click()}
      >
        <Icon d={CLIP} />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        tabIndex={-1}
        aria-label={texts('file.attach')}
        multiple
        accept={files.accept.value}
        onChange={event => {
          files.add([...(event.currentTarget.files ?? [])])
          // The same file again is a choice, too.
          event.currentTarget.value = ''
          button.current?.focus()
        }}
      />
    </>
  )
}

/** A file that is dropped a hand's breadth beside the field must not take the page away: the whole panel takes it. The desk's thread sees to itself. */
function takeFrom(form: HTMLFormElement, files: AttachmentsModel, isOpen: boolean): () => void {
  const around = form.closest<HTMLElement>('[role="dialog"]') ?? form
  const paste = (event: ClipboardEvent) => {
    const data = event.clipboardData
    // Tables and texts of office programs come with a picture of themselves.
    if (!isOpen || !data?.files.length || data.types.includes('text/plain')) return
    event.preventDefault()
    files.add([...data.files])
  }
  const over = (event: DragEvent) => {
    const { dataTransfer } = event
    if (!dataTransfer?.types.includes('Files')) return
    // Else the browser would leave the page for the file.
    event.preventDefault()
    if (isOpen) form.classList.add('over-files')
    else dataTransfer.dropEffect = 'none'
  }
  const end = () => form.classList.remove('over-files')
  const leave = (event: DragEvent) => {
    // From one part of it to another.
    if (!around.contains(event.relatedTarget as Node | null)) end()
  }
  const drop = (event: DragEvent) => {
    end()
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    if (isOpen) files.add([...event.dataTransfer.files])
  }
  form.addEventListener('paste', paste)
  around.addEventListener('dragover', over)
  around.addEventListener('dragleave', leave)
  around.addEventListener('drop', drop)
  return () => {
    end()
    form.removeEventListener('paste', paste)
    around.removeEventListener('dragover', over)
    around.removeEventListener('dragleave', leave)
    around.removeEventListener('drop', drop)
  }
}

/** What became of a file is said once; how far it is stands there to be read. */
function useSpokenStates(
  items: readonly UploadItem[],
  texts: Texts,
  files: AttachmentsModel,
  locale: string,
  announce: (text: string) => void,
) {
  const known = useRef(new Map<string, UploadItem['state']>())
  useEffect(() => {
    const said: string[] = []
    for (const item of items) {
      const { key, name, state } = item
      if (known.current.get(key) !== state) {
        if (state === 'ready') said.push(texts('file.readyNamed', { name }))
        if (state === 'failed')
          said.push(texts('file.failedNamed', { name, reason: stateText(item, texts, files, locale) }))
      }
    }
    known.current = new Map(items.map(({ key, state }) => [key, state]))
    if (said.length) announce(said.join('\n'))
  }, [items])
}

function stateText(
  { state, progress, trouble }: UploadItem,
  texts: Texts,
  files: AttachmentsModel,
  locale: string,
) {
  if (state === 'uploading')
    return texts('file.uploading', {
      percent: new Intl.NumberFormat(locale, { style: 'percent' }).format(progress),
    })
  if (state !== 'failed') return texts(`file.${state}`)
  return texts(`file.failed.${trouble}`, { limit: sizeText(files.accepts.value?.maxBytes ?? 0, locale) })
}

/** `1.2 MB`, of a thousand bytes each as systems of today count. */
export function sizeText(bytes: number, locale: string): string {
  const [unit, of] = bytes < 1_000 ? ['byte', 1] : bytes < 1_000_000 ? ['kilobyte', 1e3] : ['megabyte', 1e6]
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: unit as string,
    unitDisplay: bytes < 1_000 ? 'long' : 'short',
    maximumFractionDigits: bytes < 10_000_000 && bytes >= 1_000_000 ? 1 : 0,
  }).format(bytes / (of as number))
}
