import { WebSocket } from 'ws';

/** A message of graphql-transport-ws. */
// biome-ignore lint/suspicious/noExplicitAny: payloads of any shape
export type Message = { type: string; id?: string; payload?: any };

/** A client that speaks the protocol word by word and keeps what it hears, so that a test waits for a message. */
export class RawClient {
  readonly ws: WebSocket;
  readonly heard: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #taken = 0;
  #wake: (() => void) | undefined;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data) => {
      this.heard.push(JSON.parse(String(data)));
      this.#wake?.();
    });
    ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => ws.once('close', (code, reason) => resolve({ code, reason: String(reason) })));
  }

  /** Opens the socket; says nothing yet. Rejects with the HTTP status of a refused handshake. */
  static async open(port: number, headers: Record<string, string> = {}, path = '/graphql'): Promise<RawClient> {
    const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, 'graphql-transport-ws', { headers });
    const client = new RawClient(ws);
    await new Promise<void>((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
      ws.once('error', reject);
    });
    return client;
  }

  /** Opens and initialises. */
  static async connect(port: number, token = 'viewer'): Promise<RawClient> {
    const client = await RawClient.open(port);
    client.say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await client.next((message) => message.type === 'connection_ack');
    return client;
  }

  say(message: Message): void {
    this.ws.send(JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables: Record<string, unknown> = {}): void {
    this.say({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** The next message not taken yet (that fits); those before it are skipped. */
  async next(fits: (message: Message) => boolean = () => true): Promise<Message> {
    for (;;) {
      while (this.#taken < this.heard.length) {
        const message = this.heard[this.#taken++] as Message;
        if (fits(message)) return message;
      }
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        void this.closed.then(({ code, reason }) => reject(new Error(`closed: ${code} ${reason}`)));
      });
    }
  }

  /** Payloads of `next` messages so far. */
  get results(): Message['payload'][] {
    return this.heard.filter((message) => message.type === 'next').map((message) => message.payload);
  }

  close(): Promise<unknown> {
    this.ws.close();
    return this.closed;
  }
}

/** Waits until it holds; for states that no message announces. */
export async function until(holds: () => boolean, timeoutMs = 5000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never held: ${holds}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
