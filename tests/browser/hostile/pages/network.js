// A monitor that wraps every request, slowly.
const ownFetch = window.fetch
window.fetch = async (...given) => {
  await new Promise(done => setTimeout(done, 30))
  return ownFetch.apply(window, given)
}
const OwnRequest = window.XMLHttpRequest
window.XMLHttpRequest = class extends OwnRequest {
  send(...given) {
    setTimeout(() => super.send(...given), 30)
  }
}
const OwnSocket = window.WebSocket
window.WebSocket = class extends OwnSocket {}
