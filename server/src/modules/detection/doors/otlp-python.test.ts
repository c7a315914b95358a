import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type IngestServer, KEYS, startIngestServer } from '../../../../test/ingest-server.ts';
import { errorLog, exceptionAttributes, loggedException, logs } from '../../../../test/otlp-requests.ts';
import { fixedClock } from '../../../platform/clock.ts';
import { createOtlpDoors } from './otlp.ts';

const clock = fixedClock(Date.parse('2026-11-23T00:00:00Z'));
let server: IngestServer;
beforeAll(async () => {
  server = await startIngestServer({ doors: createOtlpDoors(clock), clock });
});
beforeEach(() => {
  server.log.records.length = 0;
});
afterAll(() => server.close());

const send = (request: unknown) =>
  server.send('/v1/logs', JSON.stringify(request), {
    authorization: `Bearer ${KEYS.active}`,
    'content-type': 'application/json',
  });

it('an exception of Python, with and without the quotes of a KeyError, is one', async () => {
  await send(logs(["'card'", 'card'].map((message) => loggedException({ attributes: exceptionAttributes(message) }))));
  expect(server.events()).toHaveLength(1);
  expect(await server.outcomes()).toEqual({ 'otlp_log duplicate same_exception': 1 });
});

it('a made-up id of a run is no name of a server', async () => {
  const named = async (id: string) => {
    const request = logs([errorLog({ body: { stringValue: id } })]);
    const attributes = [{ key: 'service.instance.id', value: { stringValue: id } }];
    await send({ resourceLogs: [{ ...request.resourceLogs[0], resource: { attributes } }] });
  };
  await named('4dd003d5-a926-4aee-802f-c0978ba105f5');
  await named('web-1');
  expect(server.events().map(({ serverName }) => serverName)).toEqual([undefined, 'web-1']);
});
