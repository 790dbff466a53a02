// The WebSocket to the switchboard: opens it, opens it again after a loss, and says how it stands.

const FIRST_WAIT = 0.5; // seconds
const LONGEST_WAIT = 5;
const SILENCE = 12; // the switchboard pings every few seconds; silent for longer, it is out of reach
const OFFLINE_SILENCE = 2; // where the browser says that there is no network, too
const GIVE_UP = new Set([4400, 4401, 4409]); // see CloseCode in protocol.py

export class Connection {
  /**
   * `onMessage` gets parsed messages, `onAudio` frames (Uint8Array), and `onState` one of
   * {state: "connecting"}, {state: "open"}, {state: "lost", again: seconds}, {state: "ended", code}.
   */
  constructor({ onMessage, onAudio, onState }) {
    this.onMessage = onMessage;
    this.onAudio = onAudio;
    this.onState = onState;
    this.socket = null;
    this.losses = 0;
    this.wanted = false;
    window.addEventListener("online", () => this.#again());
  }

  open() {
    this.wanted = true;
    this.losses = 0;
    this.#connect();
  }

  close() {
    this.wanted = false;
    clearTimeout(this.retry);
    clearInterval(this.watch);
    this.socket?.close(1000);
    this.socket = null;
  }

  /** Send a message; false when there is no connection to send it on. */
  send(type, fields = {}) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify({ type, ...fields }));
    return true;
  }

  /** Send a frame of the microphone, unless the network is so far behind that it would come too late. */
  sendAudio(frame) {
    if (this.socket?.readyState === WebSocket.OPEN && this.socket.bufferedAmount < 8000) {
      this.socket.send(frame);
    }
  }

  #connect() {
    clearTimeout(this.retry);
    this.onState({ state: "connecting" });
    const address = new URL("/desk/ws", window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.heard = performance.now();
    socket.onmessage = ({ data }) => this.#take(socket, data);
    socket.onclose = ({ code }) => this.#closed(socket, code);
    clearInterval(this.watch);
    this.watch = setInterval(() => this.#checkSilence(), 1000);
  }

  #take(socket, data) {
    if (socket !== this.socket) return;
    this.heard = performance.now();
    if (data instanceof ArrayBuffer) {
      this.onAudio(new Uint8Array(data));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "ping") this.send("pong");
    if (message.type === "welcome") {
      this.losses = 0;
      this.onState({ state: "open" });
    }
    this.onMessage(message);
  }

  #checkSilence() {
    const limit = navigator.onLine ? SILENCE : OFFLINE_SILENCE;
    if (performance.now() - this.heard < limit * 1000) return;
    const { socket } = this;
    // A dead network would keep the closing handshake waiting, so the loss is taken as read.
    socket.onclose = null;
    socket.close();
    this.#closed(socket, 1006);
  }

  #closed(socket, code) {
    if (socket !== this.socket) return;
    this.socket = null;
    clearInterval(this.watch);
    if (!this.wanted) return;
    if (GIVE_UP.has(code)) {
      this.wanted = false;
      this.onState({ state: "ended", code });
      return;
    }
    const again = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.losses) * (0.75 + Math.random() / 2);
    this.losses += 1;
    this.retry = setTimeout(() => this.#connect(), again * 1000);
    this.onState({ state: "lost", again });
  }

  #again() {
    if (this.wanted && this.socket === null) this.#connect();
  }
}
