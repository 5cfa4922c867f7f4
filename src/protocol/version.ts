// Which dialect of the wire this build speaks and which it still serves.

/** Raised when a frame's meaning changes. Adding an optional field or a new event type does not raise it. */
export const PROTOCOL_VERSION = 1

/** Pages live for years: a server serves every version in this range. */
export const SERVED_VERSIONS = { oldest: 1, newest: PROTOCOL_VERSION } as const

/** Where the server listens. The folder of the HTTP calls and the names of the Socket.IO namespaces. */
export const HTTP_PREFIX = '/asklet/v1'
export const VISITOR_NAMESPACE = '/asklet'
export const DESK_NAMESPACE = '/asklet-desk'
