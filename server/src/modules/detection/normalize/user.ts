import { isIP } from 'node:net';
import type { NormalizedEvent } from '../normalized-event.ts';
import { bounded, isEmpty } from './bounded.ts';
import { CAPS, type Reading } from './reading.ts';

type User = NonNullable<NormalizedEvent['user']>;
const KNOWN = new Set(['id', 'email', 'username', 'ip_address', 'name', 'data']);

/**
 * The user an event happened to. `ip_address: "{{auto}}"`, or an SDK that asks for it (`sdk.settings.infer_ip: auto`), is
 * answered with the address of the connection; what is no address is dropped.
 */
export function readUser(value: unknown, inferIp: boolean, clientIp: string | undefined, reading: Reading): User | undefined {
  const raw = value === undefined || value === null ? undefined : reading.object(value, 'user');
  const user: User = {};
  if (raw) {
    const id = reading.name(raw['id'], CAPS.identifier, 'user.id');
    if (id !== undefined) user.id = id;
    const email = reading.name(raw['email'], CAPS.identifier, 'user.email');
    if (email !== undefined) user.email = email;
    const username = reading.name(raw['username'], CAPS.identifier, 'user.username');
    if (username !== undefined) user.username = username;
    const name = reading.name(raw['name'], CAPS.identifier, 'user.name');
    if (name !== undefined) user.name = name;
    const data = readData(raw, reading);
    if (data) user.data = data;
  }
  const address = readAddress(raw?.['ip_address'], inferIp, clientIp, reading);
  if (address !== undefined) user.ipAddress = address;
  return isEmpty(user) ? undefined : user;
}

function readAddress(said: unknown, inferIp: boolean, clientIp: string | undefined, reading: Reading): string | undefined {
  if (said === '{{auto}}') return clientIp;
  if (said === undefined || said === null || said === '') return inferIp ? clientIp : undefined;
  if (typeof said === 'string' && said.length <= 64 && isIP(said.trim()) > 0) return said.trim();
  reading.note('user.ip_address', 'dropped: not an address');
  return undefined;
}

/** `data` and every attribute the protocol has no name for. */
function readData(raw: Record<string, unknown>, reading: Reading): Record<string, unknown> | undefined {
  const data: Record<string, unknown> = {};
  const given = raw['data'];
  if (given !== undefined && given !== null) Object.assign(data, reading.object(given, 'user.data'));
  for (const key in raw) if (!KNOWN.has(key) && key !== '__proto__' && raw[key] !== null) data[key] = raw[key];
  if (isEmpty(data)) return undefined;
  return bounded(data, { left: CAPS.context }, 'user.data', reading) as Record<string, unknown>;
}
