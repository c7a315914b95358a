import { request } from 'node:http';

/** A GET on a connection of its own, by node:http because fetch hides encodings and sets headers of its own. */
export const get = (world: { port: number }, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<{ status: number; headers: Record<string, string | undefined>; text: string; raw: Buffer }>((resolve, reject) => {
    const req = request({ port: world.port, host: '127.0.0.1', path, method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('end', () => {
        const raw = Buffer.concat(chunks);
        resolve({ status: res.statusCode as number, headers: res.headers as Record<string, string>, text: raw.toString(), raw });
      });
    });
    req.on('error', reject);
    req.end();
  });
