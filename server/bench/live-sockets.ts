import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/**
 * WebSocket clients that only count: a thousand of them share a processor with the server they measure, and a full client
 * would cost more than the server. RFC 6455 frames of servers are never masked; fragments are not sent by Errata.
 */
export class CountingSocket {
  /** Subscription results received. */
  received = 0;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #onMessage: (text: Buffer) => void;

  private constructor(socket: Socket, onMessage: (text: Buffer) => void) {
    this.#socket = socket;
    this.#onMessage = onMessage;
  }

  /** Opens a socket, says who it is and subscribes once per id. Resolves when the server has acknowledged. */
  static async open(
    port: number,
    token: string,
    query: string,
    ids: readonly string[],
    onMessage?: (text: Buffer) => void,
  ): Promise<CountingSocket> {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    );
    let acknowledged: () => void = () => undefined;
    let failed: (error: Error) => void = () => undefined;
    const ready = new Promise<void>((resolve, reject) => {
      acknowledged = resolve;
      failed = reject;
    });
    socket.on('error', failed);
    socket.on('close', () => failed(new Error('the server closed a subscriber')));
    const client = new CountingSocket(socket, (text) => {
      if (text.includes('"connection_ack"')) acknowledged();
    });
    let upgraded = false;
    socket.on('data', (chunk) => {
      if (upgraded) return client.#read(chunk);
      client.#rest = Buffer.concat([client.#rest, chunk]);
      const end = client.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = client.#rest.subarray(0, end).toString('latin1');
      if (!head.startsWith('HTTP/1.1 101')) return failed(new Error(`no WebSocket: ${head.split('\r\n')[0]}`));
      upgraded = true;
      const after = client.#rest.subarray(end + 4);
      client.#rest = Buffer.alloc(0);
      client.#send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
      if (after.length > 0) client.#read(after);
    });
    await ready;
    client.#onMessage = onMessage ?? (() => undefined);
    for (const id of ids) client.#send({ id, type: 'subscribe', payload: { query } });
    return client;
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.on('error', () => undefined);
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 2) {
      const opcode = (bytes[at] as number) & 0x0f;
      let length = (bytes[at + 1] as number) & 0x7f;
      let body = at + 2;
      if (length === 126) {
        if (bytes.length - at < 4) break;
        length = bytes.readUInt16BE(at + 2);
        body = at + 4;
      } else if (length === 127) {
        if (bytes.length - at < 10) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        body = at + 10;
      }
      if (bytes.length < body + length) break;
      if (opcode === 1) this.#text(bytes.subarray(body, body + length));
      else if (opcode === 9) this.#frame(10, bytes.subarray(body, body + length));
      at = body + length;
    }
    this.#rest = at === bytes.length ? EMPTY : Buffer.from(bytes.subarray(at));
  }

  #text(text: Buffer): void {
    // {"id":"…","type":"next",…: the type stands in the first bytes, whatever the order of the two.
    const head = text.toString('latin1', 0, 80);
    if (head.includes('"type":"next"')) this.received += 1;
    else if (head.includes('"type":"ping"')) this.#send({ type: 'pong' });
    else if (head.includes('"type":"error"')) this.#socket.destroy(new Error(text.toString('utf8')));
    this.#onMessage(text);
  }

  #send(message: object): void {
    this.#frame(1, Buffer.from(JSON.stringify(message)));
  }

  #frame(opcode: number, payload: Buffer): void {
    const length =
      payload.length < 126
        ? Buffer.from([0x80 | payload.length])
        : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 255]);
    // A mask of zeros is a mask.
    this.#socket.write(Buffer.concat([Buffer.from([0x80 | opcode]), length, Buffer.alloc(4), payload]));
  }
}

const EMPTY = Buffer.alloc(0);
