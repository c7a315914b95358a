/** OTLP as JSON has it → protobuf, for tests: a second, independent table of the fields. */
type Json = Record<string, unknown>;

/** `message of the fields of a table`: number and kind by name. */
type Table = Record<string, [field: number, kind: string]>;

const TABLES: Record<string, Table> = {
  traces: { resourceSpans: [1, 'resourceSpans*'] },
  resourceSpans: { resource: [1, 'resource'], scopeSpans: [2, 'scopeSpans*'], schemaUrl: [3, 'string'] },
  scopeSpans: { scope: [1, 'scope'], spans: [2, 'span*'], schemaUrl: [3, 'string'] },
  span: {
    traceId: [1, 'hex'],
    spanId: [2, 'hex'],
    traceState: [3, 'string'],
    parentSpanId: [4, 'hex'],
    name: [5, 'string'],
    kind: [6, 'varint'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'pair*'],
    droppedAttributesCount: [10, 'varint'],
    events: [11, 'event*'],
    status: [15, 'status'],
  },
  event: { timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, 'pair*'] },
  status: { message: [2, 'string'], code: [3, 'varint'] },
  logs: { resourceLogs: [1, 'resourceLogs*'] },
  resourceLogs: { resource: [1, 'resource'], scopeLogs: [2, 'scopeLogs*'] },
  scopeLogs: { scope: [1, 'scope'], logRecords: [2, 'log*'] },
  log: {
    timeUnixNano: [1, 'fixed64'],
    severityNumber: [2, 'varint'],
    severityText: [3, 'string'],
    body: [5, 'value'],
    attributes: [6, 'pair*'],
    flags: [8, 'fixed32'],
    traceId: [9, 'hex'],
    spanId: [10, 'hex'],
    observedTimeUnixNano: [11, 'fixed64'],
    eventName: [12, 'string'],
  },
  metrics: { resourceMetrics: [1, 'resourceMetrics*'] },
  resourceMetrics: { resource: [1, 'resource'], scopeMetrics: [2, 'scopeMetrics*'] },
  scopeMetrics: { scope: [1, 'scope'], metrics: [2, 'metric*'] },
  metric: { name: [1, 'string'], description: [2, 'string'] },
  resource: { attributes: [1, 'pair*'] },
  scope: { name: [1, 'string'], version: [2, 'string'], attributes: [3, 'pair*'] },
  pair: { key: [1, 'string'], value: [2, 'value'] },
  value: {
    stringValue: [1, 'string'],
    boolValue: [2, 'varint'],
    intValue: [3, 'varint'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'list'],
    kvlistValue: [6, 'map'],
    bytesValue: [7, 'base64'],
  },
  list: { values: [1, 'value*'] },
  map: { values: [1, 'pair*'] },
};

/** Encodes a request; what is not in the tables, or of a senseless type, is left out. */
export function encodeOtlp(message: unknown, table = 'traces'): Buffer {
  const parts: Buffer[] = [];
  const fields = TABLES[table] as Table;
  for (const [name, value] of Object.entries((message ?? {}) as Json)) {
    const entry = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (entry === undefined || value === undefined || value === null) continue;
    const [field, kind] = entry;
    const many = kind.endsWith('*');
    for (const one of many ? (Array.isArray(value) ? value : []) : [value])
      parts.push(encodeField(field, many ? kind.slice(0, -1) : kind, one));
  }
  return Buffer.concat(parts);
}

function encodeField(field: number, kind: string, value: unknown): Buffer {
  if (kind === 'varint') return Buffer.concat([varint(BigInt(field * 8)), varint(whole(value))]);
  if (kind === 'fixed64' || kind === 'double') {
    const bytes = Buffer.alloc(8);
    if (kind === 'double') bytes.writeDoubleLE(Number(value));
    else bytes.writeBigUInt64LE(BigInt.asUintN(64, whole(value)));
    return Buffer.concat([varint(BigInt(field * 8 + 1)), bytes]);
  }
  if (kind === 'fixed32') return Buffer.concat([varint(BigInt(field * 8 + 5)), Buffer.alloc(4)]);
  const bytes = Object.hasOwn(TABLES, kind)
    ? encodeOtlp(value, kind)
    : Buffer.from(String(value), kind === 'string' ? 'utf8' : (kind as 'hex'));
  return Buffer.concat([varint(BigInt(field * 8 + 2)), varint(BigInt(bytes.length)), bytes]);
}

function whole(value: unknown): bigint {
  try {
    return BigInt(value as string);
  } catch {
    return 0n;
  }
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
