// Door: the agents' window, for a page of the host's own. The ready-made page is dist/desk/index.html.

export { type DeskOptions, type MountedDesk, mountDesk } from './desk/mountDesk'
